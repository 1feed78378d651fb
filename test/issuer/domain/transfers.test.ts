import { expect } from 'chai';
import fc from 'fast-check';
import { chart } from '../../../host/issuer/domain/accounts.js';
import { keyOf } from '../../../host/issuer/domain/events.js';
import type { LedgerEvent } from '../../../host/issuer/domain/events.js';
import { moneyEquation } from '../../../host/issuer/domain/money-equation.js';
import type { Movement, RecordKind } from '../../../host/issuer/domain/records.js';
import { transfersFor } from '../../../host/issuer/domain/transfers.js';
import { euro, points } from '../../helpers/scheme.js';

const cardId = '0102030405060708';
const merchant = '0000000100000001';
const eur = (amount: bigint) => ({ amount, unit: euro });

function movement(kind: RecordKind, amount: bigint, earned: bigint): Movement {
  return { kind, slot: 0, money: eur(amount), points: { amount: earned, unit: points }, pointsSlot: 2, merchant };
}

const amount = fc.bigInt({ min: 1n, max: 0xffff_ffffn });
const kind = fc.constantFrom<RecordKind>('purchase', 'cancel', 'load', 'unload');
const side = fc.constantFrom('cards' as const, 'closingsUnpaid' as const, 'suspense' as const, 'fraud' as const);

const event: fc.Arbitrary<LedgerEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('record-booked' as const),
    cardId: fc.constant(cardId),
    nt: fc.nat(),
    side,
    source: fc.constantFrom('clearing' as const, 'merchant' as const, 'fraud' as const),
    movement: fc
      .tuple(kind, amount, fc.bigInt({ min: 0n, max: 500n }))
      .map(([k, a, p]) => movement(k, a, k === 'purchase' || k === 'cancel' ? p : 0n)),
  }),
  fc.record({
    kind: fc.constant('record-placed' as const),
    cardId: fc.constant(cardId),
    nt: fc.nat(),
    side: fc.constantFrom('cards' as const, 'closingsUnpaid' as const, 'fraud' as const),
    movement: fc.tuple(kind, amount).map(([k, a]) => movement(k, a, 0n)),
  }),
  fc.record({
    kind: fc.constantFrom('load-funded' as const, 'load-given-up' as const),
    cardId: fc.constant(cardId),
    counter: fc.nat(),
    money: amount.map(eur),
    from: fc.constantFrom('bank' as const, { lostCard: '1112131415161718', slot: 1 }),
  }),
  fc.record({
    kind: fc.constantFrom('funding-came-late' as const, 'funding-returned' as const, 'unload-paid' as const),
    cardId: fc.constant(cardId),
    counter: fc.nat(),
    money: amount.map(eur),
  }),
  fc.record({
    kind: fc.constant('purchase-claimed' as const),
    cardId: fc.constant(cardId),
    nt: fc.nat(),
    money: amount.map(eur),
    merchant: fc.constant(merchant),
  }),
  fc.record({
    kind: fc.constant('merchant-paid' as const),
    merchant: fc.constant(merchant),
    settlement: fc.nat(),
    money: amount.map(eur),
  }),
  fc.record({
    kind: fc.constant('card-retired' as const),
    cardId: fc.constant(cardId),
    balances: fc.tuple(amount.map(eur), fc.constant(eur(0n))),
  }),
);

describe('Transfers', () => {
  it('always move an amount above zero between two different accounts of the chart', () => {
    fc.assert(
      fc.property(event, (one) => {
        for (const { debit, credit, money } of transfersFor(one)) {
          expect(money.amount > 0n).to.equal(true);
          expect(`${debit.name} ${debit.party}`).to.not.equal(`${credit.name} ${credit.party}`);
          for (const account of [debit, credit]) {
            const { party } = chart[account.name];
            expect(party === 'none').to.equal(account.party === '');
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('take a purchase from the card to clearing and its points from the promise to the card', () => {
    const booked = transfersFor({
      kind: 'record-booked',
      cardId,
      nt: 5,
      side: 'cards',
      movement: movement('purchase', 350n, 3n),
    });
    expect(
      booked.map(({ debit, credit, money }) => [debit.name, debit.party, credit.name, credit.party, money.amount]),
    ).to.deep.equal([
      ['cards', `${cardId}/0`, 'clearing', cardId, 350n],
      ['loyalty', '', 'cards', `${cardId}/2`, 3n],
    ]);
  });

  it('take a purchase that is claimed as it is booked to the merchant at once', () => {
    const event = { kind: 'record-booked', cardId, nt: 5, movement: movement('purchase', 350n, 3n) } as const;
    for (const [side, debit] of [
      ['cards', `cards ${cardId}/0`],
      ['suspense', `suspense ${cardId}`],
      ['fraud', 'fraud '],
    ] as const) {
      const [first] = transfersFor({ ...event, side, claimedBy: merchant });
      expect(`${first?.debit.name} ${first?.debit.party}`).to.equal(debit);
      expect(first?.credit).to.deep.equal({ name: 'merchantsPayable', party: merchant });
      expect(first?.money.amount).to.equal(350n);
    }
  });

  it('undo a purchase exactly with its cancel', () => {
    const net = new Map<string, bigint>();
    for (const one of ['purchase', 'cancel'] as const) {
      for (const { debit, credit, money } of transfersFor({
        kind: 'record-booked',
        cardId,
        nt: 5,
        side: 'cards',
        movement: movement(one, 350n, 3n),
      })) {
        net.set(debit.name, (net.get(debit.name) ?? 0n) + money.amount);
        net.set(credit.name, (net.get(credit.name) ?? 0n) - money.amount);
      }
    }
    expect([...net.values()].every((sum) => sum === 0n)).to.equal(true);
  });

  it('book nothing for a cancel that a broken card makes of a loss', () => {
    const movementOf = movement('cancel', 350n, 0n);
    expect(
      transfersFor({ kind: 'record-booked', cardId, nt: 5, side: 'fraud', source: 'fraud', movement: movementOf }),
    ).to.deep.equal([]);
  });

  it('have keys made of the ids the parties gave: the same event twice has one key', () => {
    fc.assert(
      fc.property(event, (one) => {
        expect(keyOf(one)).to.deep.equal(keyOf(structuredClone(one)));
        expect(keyOf(one).owner).to.match(/^[0-9a-f]{16}$/);
      }),
    );
  });
});

describe('[M1] The money equation', () => {
  const balanced = {
    unit: euro,
    cards: 40n,
    waiting: -5n,
    purchases: 25n,
    loads: 30n,
    payouts: 7n,
    fees: 3n,
    float: 90n,
    fraud: 10n,
    loyalty: 0n,
  };

  it('holds when what is owed is held or lost', () => {
    expect(moneyEquation(balanced)).to.include({ owed: 100n, held: 100n, difference: 0n, holds: true });
  });

  it('holds points promised beside money held', () => {
    expect(moneyEquation({ ...balanced, float: 60n, loyalty: 30n })).to.include({ owed: 100n, held: 100n });
  });

  for (const term of [
    'cards',
    'waiting',
    'purchases',
    'loads',
    'payouts',
    'fees',
    'float',
    'fraud',
    'loyalty',
  ] as const) {
    it(`fails when ${term} is off by one`, () => {
      expect(moneyEquation({ ...balanced, [term]: balanced[term] + 1n }).holds).to.equal(false);
    });
  }
});
