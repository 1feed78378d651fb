import { expect } from 'chai';
import { batchFlaw, totalsOf } from '../../../host/issuer/domain/batch.js';
import type { BatchEntryFacts, BatchFacts, BatchOutcome, TerminalAccount } from '../../../host/issuer/domain/batch.js';
import { units } from '../../../host/protocol/codec/units.js';
import { euro } from '../../helpers/scheme.js';

const account: TerminalAccount = { lastBatch: 4, lastTn: 100, open: new Set([97]) };

function entry(tn: number, outcome: BatchOutcome, changes: Partial<BatchEntryFacts> = {}): BatchEntryFacts {
  const proven = outcome === 'sold' || outcome === 'cancelled' || outcome === 'cancel';
  return {
    tn,
    outcome,
    correction: false,
    unit: euro.code,
    amount: 350n,
    proven,
    ordered: outcome === 'cancel',
    ...changes,
  };
}

function batch(entries: readonly BatchEntryFacts[], changes: Partial<BatchFacts> = {}): BatchFacts {
  const fresh = entries.filter(({ correction }) => !correction);
  return {
    batchNumber: 5,
    firstTn: 101,
    lastTn: 100 + fresh.length,
    entries,
    totals: [...totalsOf(entries).values()],
    ...changes,
  };
}

const day = [entry(101, 'sold'), entry(102, 'void'), entry(103, 'cancelled'), entry(104, 'cancel'), entry(105, 'open')];

describe('A batch', () => {
  it('that accounts for every number once is sound', () => {
    expect(batchFlaw(batch(day), account, units)).to.equal(undefined);
    expect(batchFlaw(batch([...day, entry(97, 'sold', { correction: true })]), account, units)).to.equal(undefined);
    expect(batchFlaw(batch([entry(97, 'void', { correction: true })]), account, units)).to.equal(undefined);
  });

  const total = { unit: euro.code, soldCount: 2, soldAmount: 700n, cancelCount: 1, cancelAmount: 350n };
  const flaws: readonly [string, BatchFacts, RegExp][] = [
    ['leaves a number out', batch([entry(101, 'sold'), entry(103, 'sold')]), /Entry 2: tn is 103, 102 is due/],
    ['has a number twice', batch([entry(101, 'sold'), entry(101, 'sold')]), /Entry 2: tn is 101, 102 is due/],
    ['ends before lastTn', batch(day, { lastTn: 106 }), /end with tn 105, lastTn is 106/],
    [
      'does not begin where the last one ended',
      batch(day, { firstTn: 102 }),
      /firstTn is 102, the first one not accounted for is 101/,
    ],
    ['runs backwards', batch([], { lastTn: 42 }), /lastTn is 42, before firstTn/],
    ['has not the next number', batch(day, { batchNumber: 6 }), /batchNumber is 6, the next one is 5/],
    [
      'counts a sale too many',
      batch(day, { totals: [{ ...total, soldCount: 3 }] }),
      /soldCount is 3, the entries make 2/,
    ],
    [
      'adds up to more',
      batch(day, { totals: [{ ...total, soldAmount: 701n }] }),
      /Total of EUR: soldAmount is 701, the entries make 700/,
    ],
    [
      'hides a cancel',
      batch(day, { totals: [{ ...total, cancelAmount: 0n }] }),
      /cancelAmount is 0, the entries make 350/,
    ],
    ['names no total', batch(day, { totals: [] }), /soldCount is 0, the entries make 2/],
    ['names a unit twice', batch(day, { totals: [total, total] }), /name a unit twice/],
    [
      'totals a unit that is not there',
      batch(day, { totals: [total, { ...total, unit: 0xf0ab }] }),
      /Total of unit F0AB/,
    ],
    [
      'totals a unit that is not there, whose code begins with a zero',
      batch(day, { totals: [total, { ...total, unit: 0x0bad }] }),
      /Total of unit 0BAD:/,
    ],
    [
      'claims a sale without proof',
      batch([entry(101, 'sold', { proven: false })]),
      /Entry 1: proof is missing where outcome is sold/,
    ],
    ['proves a void', batch([entry(101, 'void', { proven: true })]), /Entry 1: proof is there where outcome is void/],
    ['cancels without an order', batch([entry(101, 'cancel', { ordered: false })]), /Entry 1: cancelOrder is missing/],
    ['orders a cancel of a sale', batch([entry(101, 'sold', { ordered: true })]), /Entry 1: cancelOrder is there/],
    ['sells for nothing', batch([entry(101, 'sold', { amount: 0n })]), /Entry 1: amount is zero/],
    ['corrects what was not open', batch([entry(96, 'sold', { correction: true })]), /^Entry 1: tn 96 is not open/],
    [
      'corrects a number twice',
      batch([entry(97, 'sold', { correction: true }), entry(97, 'void', { correction: true })]),
      /^Entry 2: tn 97 is not open/,
    ],
    [
      'leaves open what it corrects',
      batch([entry(97, 'open', { correction: true })]),
      /^Entry 1: a correction cannot leave tn 97 open/,
    ],
  ];
  for (const [what, wrong, sentence] of flaws) {
    it(`that ${what} is refused with entry and field`, () => {
      expect(batchFlaw(wrong, account, units)).to.match(sentence);
    });
  }
});
