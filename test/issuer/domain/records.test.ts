/** Records one by one: when two are the same, what they move, and what follows from what. */
import { expect } from 'chai';
import { moved, sameFacts, signOf, signOfPoints } from '../../../host/issuer/domain/records.js';
import type { RecordFacts } from '../../../host/issuer/domain/records.js';
import { flawOf } from '../../../host/issuer/domain/sequence.js';
import type { PointsRule } from '../../../host/issuer/domain/sequence.js';
import { dollar, euro, points } from '../../helpers/scheme.js';
import { record } from './facts.js';

const purchase = record('purchase', 2, 3_50n, 96_50n);

describe('Two records', () => {
  const changes: Readonly<Partial<Record<keyof RecordFacts, Partial<RecordFacts>>>> = {
    kind: { kind: 'cancel' },
    nt: { nt: 3 },
    tn: { tn: 21 },
    terminalId: { terminalId: 'cccccccccccccccc' },
    merchant: { merchant: '0000000100000002' },
    slot: { slot: 1 },
    money: { money: { amount: 3_51n, unit: euro } },
    points: { points: { amount: 4n, unit: points } },
    balance: { balance: 96_51n },
    pointsBalance: { pointsBalance: 4n },
    time: { time: 1_001 },
    parametersVersion: { parametersVersion: 2 },
    ref: { ref: 1 },
  };

  it('are the same when every field is', () => {
    expect(sameFacts(purchase, structuredClone(purchase))).to.equal(true);
  });

  for (const [field, change] of Object.entries(changes))
    it(`are two when ${field} differs`, () => {
      expect(sameFacts(purchase, { ...purchase, ...change })).to.equal(false);
      expect(sameFacts({ ...purchase, ...change }, purchase)).to.equal(false);
    });

  it('are two when the same amount is of another unit', () => {
    expect(sameFacts(purchase, { ...purchase, money: { amount: 3_50n, unit: dollar } })).to.equal(false);
    expect(sameFacts(purchase, { ...purchase, points: { amount: 3n, unit: euro } })).to.equal(false);
  });
});

describe('What a record moves', () => {
  it('is its slot and the points, each in its direction', () => {
    const before = [100_00n, 50_00n, 10n];
    expect(moved(before, purchase)).to.deep.equal([96_50n, 50_00n, 13n]);
    expect(moved(before, { ...purchase, kind: 'cancel' })).to.deep.equal([103_50n, 50_00n, 7n]);
    expect(moved(before, { ...purchase, kind: 'load' })).to.deep.equal([103_50n, 50_00n, 10n]);
    expect(moved(before, { ...purchase, kind: 'unload' })).to.deep.equal([96_50n, 50_00n, 10n]);
    expect(moved(before, { ...purchase, slot: 2 })).to.deep.equal([100_00n, 50_00n, 10n - 3_50n + 3n]);
    expect((['load', 'cancel', 'purchase', 'unload'] as const).map(signOf)).to.deep.equal([1n, 1n, -1n, -1n]);
    expect((['load', 'cancel', 'purchase', 'unload'] as const).map(signOfPoints)).to.deep.equal([0n, -1n, 1n, 0n]);
  });
});

describe('[M12] A record that follows', () => {
  const rules: ReadonlyMap<number, PointsRule> = new Map([[1, { steps: [100n, 0n, 5n], max: 12n }]]);
  const before = [100_00n, 50_00n, 0n];
  const follows = (facts: RecordFacts, cancelled?: RecordFacts, balances = before): string | undefined =>
    flawOf(facts, balances, cancelled, rules);
  const spent = (amount: bigint, earned: bigint, held: bigint): RecordFacts =>
    record('purchase', 2, amount, 100_00n - amount, {
      points: { amount: earned, unit: points },
      pointsBalance: held + earned,
    });

  it('earns a point for each full step, and none beyond what the slot may hold', () => {
    expect(follows(spent(99n, 0n, 0n))).to.equal(undefined);
    expect(follows(spent(100n, 1n, 0n))).to.equal(undefined);
    expect(follows(spent(199n, 1n, 0n))).to.equal(undefined);
    expect(follows(spent(12_00n, 12n, 0n))).to.equal(undefined);
    expect(follows(spent(13_00n, 12n, 0n))).to.equal(undefined);
    expect(follows(spent(13_00n, 13n, 0n))).to.equal('points-rule');
    expect(follows(spent(5_00n, 2n, 10n), undefined, [100_00n, 50_00n, 10n])).to.equal(undefined);
    expect(follows(spent(5_00n, 5n, 10n), undefined, [100_00n, 50_00n, 10n])).to.equal('points-rule');
    expect(follows(spent(5_00n, 0n, 20n), undefined, [100_00n, 50_00n, 20n])).to.equal(undefined);
  });

  it('earns nothing without a step, nor on what is paid in points', () => {
    const inDollars = record('purchase', 2, 3_00n, 47_00n, {
      slot: 1,
      points: { amount: 0n, unit: points },
      pointsBalance: 0n,
    });
    expect(follows(inDollars)).to.equal(undefined);
    expect(follows({ ...inDollars, slot: 9, balance: 0n })).to.equal('balance-chain');
    const inPoints = record('purchase', 2, 10n, 0n, {
      slot: 2,
      points: { amount: 0n, unit: points },
      pointsBalance: 0n,
    });
    expect(follows(inPoints, undefined, [0n, 0n, 10n])).to.equal(undefined);
  });

  it('keeps no balance below zero, and zero itself', () => {
    expect(follows(spent(100_00n, 12n, 0n))).to.equal(undefined);
    expect(follows(spent(100_01n, 12n, 0n))).to.equal('negative-balance');
  });

  it('says the balances that it makes, of money and of points', () => {
    expect(follows({ ...spent(99n, 0n, 0n), balance: 99_00n })).to.equal('balance-chain');
    expect(follows({ ...spent(99n, 0n, 0n), pointsBalance: 1n })).to.equal('balance-chain');
  });

  it('has no points where it is a load or an unload', () => {
    for (const kind of ['load', 'unload'] as const) {
      const balance = kind === 'load' ? 101_00n : 99_00n;
      const one = record(kind, 2, 1_00n, balance, { pointsBalance: 0n });
      expect(follows(one)).to.equal(undefined);
      expect(follows({ ...one, points: { amount: 1n, unit: points } })).to.equal('points-rule');
      expect(follows({ ...one, parametersVersion: 9 })).to.equal(undefined);
    }
  });

  const sale = record('purchase', 2, 3_50n, 96_50n);
  const cancel = record('cancel', 3, 3_50n, 100_00n, { ref: 2, pointsBalance: 0n });
  const after = [96_50n, 50_00n, 3n];

  it('undoes the newest purchase, whole, at its terminal', () => {
    expect(follows(cancel, sale, after)).to.equal(undefined);
    expect(follows(cancel, undefined, after)).to.equal('cancel-chain');
    expect(follows({ ...cancel, nt: 4 }, sale, after)).to.equal('cancel-chain');
    expect(follows({ ...cancel, ref: 1 }, sale, after)).to.equal('cancel-chain');
    for (const other of [
      { kind: 'load' as const },
      { nt: 1 },
      { terminalId: 'cccccccccccccccc' },
      { slot: 1 },
      { money: { amount: 3_49n, unit: euro } },
    ])
      expect(follows(cancel, { ...sale, ...other }, after)).to.equal('cancel-chain');
  });

  it('takes back exactly the points of the purchase', () => {
    expect(follows({ ...cancel, points: { amount: 2n, unit: points } }, sale, after)).to.equal('points-rule');
    const none = { amount: 0n, unit: points };
    expect(follows({ ...cancel, points: none, pointsBalance: 3n }, { ...sale, points: none }, after)).to.equal(
      undefined,
    );
  });
});
