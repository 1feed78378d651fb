/** Every event: the key that lets it be booked once, and the accounts that it moves money between. */
import { expect } from 'chai';
import { float, fraud, isLoyalty, ofCard, sameAccount } from '../../../host/issuer/domain/accounts.js';
import { keyOf } from '../../../host/issuer/domain/events.js';
import type { CardSide, LedgerEvent } from '../../../host/issuer/domain/events.js';
import type { Movement, RecordKind } from '../../../host/issuer/domain/records.js';
import { transfersFor } from '../../../host/issuer/domain/transfers.js';
import { dollar, euro, points } from '../../helpers/scheme.js';
import { cardId, merchant } from './facts.js';

const lost = '1112131415161718';
const owner = '2122232425262728';
const money = { amount: 350n, unit: euro };
const pointsPaid = { amount: 350n, unit: points };

function movement(kind: RecordKind, earned = 3n): Movement {
  return { kind, slot: 1, money, points: { amount: earned, unit: points }, pointsSlot: 2, merchant };
}

/** `debit → credit amount`, as the chart names accounts. */
function booked(event: LedgerEvent): string[] {
  return transfersFor(event).map(
    ({ debit, credit, money: { amount, unit } }) =>
      `${debit.name}(${debit.party}) → ${credit.name}(${credit.party}) ${amount} ${unit.name}`,
  );
}

const cases: readonly [LedgerEvent, { readonly owner: string; readonly id: string }, readonly string[]][] = [
  [
    { kind: 'load-funded', cardId, counter: 7, money, from: 'bank' },
    { owner: cardId, id: 'load-funded/7' },
    [`float() → loadsInFlight(${cardId}) 350 EUR`],
  ],
  [
    { kind: 'load-funded', cardId, counter: 7, money, from: { lostCard: lost, slot: 1 } },
    { owner: cardId, id: 'load-funded/7' },
    [`closingsUnpaid(${lost}/1) → loadsInFlight(${cardId}) 350 EUR`],
  ],
  [
    { kind: 'load-given-up', cardId, counter: 8, money, from: 'bank' },
    { owner: cardId, id: 'load-given-up/8' },
    [`loadsInFlight(${cardId}) → funding(${cardId}) 350 EUR`],
  ],
  [
    { kind: 'load-given-up', cardId, counter: 8, money, from: { lostCard: lost, slot: 0 } },
    { owner: cardId, id: 'load-given-up/8' },
    [`loadsInFlight(${cardId}) → closingsUnpaid(${lost}/0) 350 EUR`],
  ],
  [
    { kind: 'load-assumed', cardId, counter: 8, slot: 1, money },
    { owner: cardId, id: 'load-assumed/8' },
    [`loadsInFlight(${cardId}) → cards(${cardId}/1) 350 EUR`],
  ],
  [
    { kind: 'funding-came-late', cardId, counter: 9, money },
    { owner: cardId, id: 'funding-came-late/9' },
    [`float() → funding(${cardId}) 350 EUR`],
  ],
  [
    { kind: 'funding-returned', cardId, counter: 9, money },
    { owner: cardId, id: 'funding-returned/9' },
    [`funding(${cardId}) → float() 350 EUR`],
  ],
  [
    { kind: 'purchase-claimed', cardId, nt: 5, money, merchant },
    { owner: cardId, id: 'purchase-claimed/5' },
    [`clearing(${cardId}) → merchantsPayable(${merchant}) 350 EUR`],
  ],
  [
    { kind: 'purchase-forfeited', cardId, nt: 5, money, to: 'holdersPayable' },
    { owner: cardId, id: 'purchase-forfeited/5' },
    [`clearing(${cardId}) → holdersPayable(${cardId}) 350 EUR`],
  ],
  [
    { kind: 'purchase-forfeited', cardId, nt: 5, money, to: 'fraud' },
    { owner: cardId, id: 'purchase-forfeited/5' },
    [`clearing(${cardId}) → fraud() 350 EUR`],
  ],
  [
    { kind: 'merchant-paid', merchant, settlement: 3, money },
    { owner: merchant, id: 'merchant-paid/3/EUR' },
    [`merchantsPayable(${merchant}) → float() 350 EUR`],
  ],
  [
    { kind: 'merchant-paid', merchant, settlement: 3, money: pointsPaid },
    { owner: merchant, id: 'merchant-paid/3/PTS' },
    [`merchantsPayable(${merchant}) → loyalty() 350 PTS`],
  ],
  [
    { kind: 'commission-charged', merchant, settlement: 3, money: { amount: 350n, unit: dollar } },
    { owner: merchant, id: 'commission-charged/3/USD' },
    [`merchantsPayable(${merchant}) → fees() 350 USD`],
  ],
  [
    { kind: 'card-retired', cardId, balances: [money, { amount: 0n, unit: dollar }, pointsPaid] },
    { owner: cardId, id: 'card-retired' },
    [
      `cards(${cardId}/0) → closingsUnpaid(${cardId}/0) 350 EUR`,
      `cards(${cardId}/2) → closingsUnpaid(${cardId}/2) 350 PTS`,
    ],
  ],
  [
    { kind: 'closing-paid', cardId, slot: 1, money },
    { owner: cardId, id: 'closing-paid/1' },
    [`closingsUnpaid(${cardId}/1) → float() 350 EUR`],
  ],
  [
    { kind: 'unload-paid', cardId, counter: 4, money },
    { owner: cardId, id: 'unload-paid/4' },
    [`unloadsUnpaid(${cardId}) → float() 350 EUR`],
  ],
  [
    { kind: 'holder-paid', cardId, nt: 6, money },
    { owner: cardId, id: 'holder-paid/6' },
    [`holdersPayable(${cardId}) → float() 350 EUR`],
  ],
  [
    { kind: 'payment-ordered', owner, reference: 'R-1', from: ofCard('holdersPayable', cardId), money },
    { owner, id: 'payment-ordered/R-1' },
    [`holdersPayable(${cardId}) → paymentsOrdered(${owner}) 350 EUR`],
  ],
  [
    { kind: 'payment-made', owner, reference: 'R-1', money },
    { owner, id: 'payment-made/R-1' },
    [`paymentsOrdered(${owner}) → float() 350 EUR`],
  ],
  [
    { kind: 'payment-returned', owner, reference: 'R-1', wasMade: true, to: ofCard('unloadsUnpaid', cardId), money },
    { owner, id: 'payment-returned/R-1' },
    [`float() → unloadsUnpaid(${cardId}) 350 EUR`],
  ],
  [
    { kind: 'payment-returned', owner, reference: 'R-1', wasMade: false, to: ofCard('unloadsUnpaid', cardId), money },
    { owner, id: 'payment-returned/R-1' },
    [`paymentsOrdered(${owner}) → unloadsUnpaid(${cardId}) 350 EUR`],
  ],
  [
    { kind: 'loss-booked', merchant, reference: 'case 4', money },
    { owner: merchant, id: 'loss-booked/case 4' },
    [`fraud() → merchantsPayable(${merchant}) 350 EUR`],
  ],
  [
    { kind: 'recovered-from-merchant', merchant, reference: 'case 5', money },
    { owner: merchant, id: 'recovered-from-merchant/case 5' },
    [`merchantsPayable(${merchant}) → fraud() 350 EUR`],
  ],
  [
    { kind: 'recovered-from-card', cardId, slot: 1, reference: 'case 6', side: 'closingsUnpaid', money },
    { owner: cardId, id: 'recovered-from-card/case 6' },
    [`closingsUnpaid(${cardId}/1) → fraud() 350 EUR`],
  ],
];

describe('[M1] An event of the ledger', () => {
  for (const [event, key, transfers] of cases)
    it(`${event.kind} is booked once, as ${transfers.join(', ')}`, () => {
      expect(keyOf(event)).to.deep.equal(key);
      expect(booked(event)).to.deep.equal(transfers);
    });

  const sides: readonly [Exclude<CardSide, 'suspense'> | 'suspense', string, string][] = [
    ['cards', `cards(${cardId}/1)`, `cards(${cardId}/2)`],
    ['closingsUnpaid', `closingsUnpaid(${cardId}/1)`, `closingsUnpaid(${cardId}/2)`],
    ['suspense', `suspense(${cardId})`, `suspense(${cardId})`],
    ['fraud', 'fraud()', 'fraud()'],
  ];
  for (const [side, card, loyal] of sides) {
    const event = (kind: RecordKind, source?: 'clearing' | 'merchant' | 'fraud'): LedgerEvent => ({
      kind: 'record-booked',
      cardId,
      nt: 5,
      movement: movement(kind),
      side,
      ...(source === undefined ? {} : { source }),
    });

    it(`record-booked on ${side} moves money and points between the card and who it is about`, () => {
      expect(keyOf(event('purchase'))).to.deep.equal({ owner: cardId, id: 'record-booked/5' });
      expect(booked(event('purchase'))).to.deep.equal([
        `${card} → clearing(${cardId}) 350 EUR`,
        `loyalty() → ${loyal} 3 PTS`,
      ]);
      expect(booked(event('load'))).to.deep.equal([`loadsInFlight(${cardId}) → ${card} 350 EUR`]);
      expect(booked(event('unload'))).to.deep.equal([`${card} → unloadsUnpaid(${cardId}) 350 EUR`]);
    });

    it(`a cancel booked on ${side} takes from whoever had the purchase`, () => {
      const back = `${loyal} → loyalty() 3 PTS`;
      expect(booked(event('cancel'))).to.deep.equal([`clearing(${cardId}) → ${card} 350 EUR`, back]);
      expect(booked(event('cancel', 'merchant'))).to.deep.equal([
        `merchantsPayable(${merchant}) → ${card} 350 EUR`,
        back,
      ]);
      expect(booked(event('cancel', 'fraud'))).to.deep.equal(
        side === 'fraud' ? [back] : [`fraud() → ${card} 350 EUR`, back],
      );
    });

    if (side !== 'suspense')
      it(`record-placed on ${side} takes from suspense what was booked there`, () => {
        const placed = (kind: RecordKind): LedgerEvent => ({
          kind: 'record-placed',
          cardId,
          nt: 5,
          movement: movement(kind),
          side,
        });
        const suspense = `suspense(${cardId})`;
        expect(keyOf(placed('load'))).to.deep.equal({ owner: cardId, id: 'record-placed/5' });
        expect(booked(placed('purchase'))).to.deep.equal([
          `${card} → ${suspense} 350 EUR`,
          `${suspense} → ${loyal} 3 PTS`,
        ]);
        expect(booked(placed('cancel'))).to.deep.equal([
          `${suspense} → ${card} 350 EUR`,
          `${loyal} → ${suspense} 3 PTS`,
        ]);
        expect(booked(placed('load'))).to.deep.equal([`${suspense} → ${card} 350 EUR`]);
        expect(booked(placed('unload'))).to.deep.equal([`${card} → ${suspense} 350 EUR`]);
      });
  }

  it('books nothing for points that were not awarded', () => {
    const one: LedgerEvent = {
      kind: 'record-booked',
      cardId,
      nt: 5,
      movement: movement('purchase', 0n),
      side: 'cards',
    };
    expect(booked(one)).to.deep.equal([`cards(${cardId}/1) → clearing(${cardId}) 350 EUR`]);
  });
});

describe('The chart of accounts', () => {
  it('keeps points from F000 on apart from money', () => {
    expect([0x0978, 0xefff, 0xf000, 0xffff].map((code) => isLoyalty({ ...euro, code }))).to.deep.equal([
      false,
      false,
      true,
      true,
    ]);
  });

  it('tells accounts apart by name and party', () => {
    const one = ofCard('clearing', cardId);
    expect(sameAccount(one, ofCard('clearing', cardId))).to.equal(true);
    expect(sameAccount(one, ofCard('clearing', lost))).to.equal(false);
    expect(sameAccount(one, ofCard('suspense', cardId))).to.equal(false);
    expect(sameAccount(float, fraud)).to.equal(false);
  });
});
