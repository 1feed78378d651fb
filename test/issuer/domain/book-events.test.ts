/** What a card's book books and finds, to the letter. */
import { expect } from 'chai';
import { fork } from '../../../host/issuer/domain/book.js';
import { dollar, euro, points } from '../../helpers/scheme.js';
import { authorised, book, cardId, record } from './facts.js';

const none = { amount: 0n, unit: points };

describe('What the book of a card books', () => {
  it('is a record in sequence, on the card', () => {
    const one = book();
    const facts = record('purchase', 2, 3_50n, 96_50n);
    one.take(facts);
    expect(one.events).to.deep.equal([{ kind: 'record-booked', cardId, nt: 2, movement: facts, side: 'cards' }]);
    expect(one.records.get(2)).to.deep.equal({ facts, placement: 'placed', clearing: 'open' });
    expect([...one.touched]).to.deep.equal([2]);
    expect([...one.touchedLoads]).to.deep.equal([]);
  });

  it('is a record of a retired card, on what is owed at its closing', () => {
    const one = book({ standing: 'retired' });
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(one.events).to.have.length(1);
    expect(one.events[0]).to.include({ kind: 'record-booked', side: 'closingsUnpaid' });
  });

  it('is a record ahead of its time, in suspense, until its turn', () => {
    const one = book();
    const later = record('purchase', 3, 2_00n, 94_50n, { pointsBalance: 5n });
    one.take(later);
    expect(one.events).to.deep.equal([{ kind: 'record-booked', cardId, nt: 3, movement: later, side: 'suspense' }]);
    expect(one.records.get(3)).to.deep.equal({ facts: later, placement: 'waiting', clearing: 'open' });
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(one.events[2]).to.deep.equal({ kind: 'record-placed', cardId, nt: 3, movement: later, side: 'cards' });
    expect(one.records.get(3)).to.deep.equal({ facts: later, placement: 'placed', clearing: 'open' });
    expect(one.nt).to.equal(3);
  });

  it('is a record in suspense where it stays when the one after the next comes', () => {
    const one = book();
    one.take(record('purchase', 4, 2_00n, 94_50n, { pointsBalance: 5n }));
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(one.nt).to.equal(2);
    expect(one.waiting().map(({ facts }) => facts.nt)).to.deep.equal([4]);
  });

  it('is a load and its register, credited once; an unload likewise', () => {
    const unload = { ...authorised, counter: 8, kind: 'unload' as const, amount: 5_00n };
    const one = book({ loads: [authorised, unload] });
    one.take(record('load', 2, 20_00n, 120_00n, { ref: 7, pointsBalance: 0n }));
    one.take(record('unload', 3, 5_00n, 115_00n, { ref: 8, pointsBalance: 0n }));
    expect(one.fault).to.equal(undefined);
    expect([...one.loads.values()]).to.deep.equal([
      { ...authorised, state: 'credited' },
      { ...unload, state: 'credited' },
    ]);
    expect([...one.touchedLoads]).to.deep.equal([7, 8]);
    expect(one.records.get(2)?.clearing).to.equal('none');
    expect(one.balances).to.deep.equal([115_00n, 0n, 0n]);
  });

  it('leaves a load alone whose counter a purchase happens to name', () => {
    const one = book({ loads: [authorised] });
    one.take(record('purchase', 2, 3_50n, 96_50n, { ref: 7 }));
    expect(one.loads.get(7)).to.deep.equal(authorised);
    expect([...one.touchedLoads]).to.deep.equal([]);
  });

  it('is, for a broken card, the loss without its points; nothing for an unload, a load as authorised', () => {
    const unload = { ...authorised, counter: 8, kind: 'unload' as const, amount: 5_00n };
    const one = book({ fault: 'cloned', loads: [authorised, unload] });
    const purchase = record('purchase', 5, 3_50n, 1_00n);
    one.take(purchase);
    one.take(record('unload', 6, 5_00n, 1_00n, { ref: 8 }));
    one.take(record('load', 7, 20_00n, 1_00n, { ref: 7 }));
    expect(one.events).to.deep.equal([
      { kind: 'record-booked', cardId, nt: 5, movement: { ...purchase, points: none }, side: 'fraud' },
      {
        kind: 'record-booked',
        cardId,
        nt: 7,
        movement: record('load', 7, 20_00n, 1_00n, { ref: 7 }),
        side: 'fraud',
      },
    ]);
    expect(one.records.get(5)).to.deep.equal({ facts: purchase, placement: 'broken', clearing: 'open' });
    expect(one.records.get(6)).to.include({ placement: 'broken', clearing: 'none' });
    expect(one.loads.get(8)?.state).to.equal('authorised');
    expect(one.findings).to.deep.equal([]);
  });

  it('is what retires a card: every balance, owed from then on', () => {
    const one = book({ balances: [100_00n, 7n] });
    one.retire();
    expect(one.standing).to.equal('retired');
    expect(one.events).to.deep.equal([
      {
        kind: 'card-retired',
        cardId,
        balances: [
          { amount: 100_00n, unit: euro },
          { amount: 7n, unit: dollar },
          { amount: 0n, unit: points },
        ],
      },
    ]);
  });

  it('is, when the window of a lost card is over, what waits and then the rest; of a retired one what waits alone', () => {
    for (const [standing, kinds] of [
      ['lost', ['record-booked', 'record-placed', 'card-retired']],
      ['retired', ['record-booked', 'record-placed']],
    ] as const) {
      const one = book({ standing });
      one.take(record('purchase', 3, 60_00n, 40_00n, { points: none }));
      one.close();
      expect(one.standing).to.equal('closed');
      expect(one.events.map(({ kind }) => kind)).to.deep.equal(kinds);
      expect(one.records.get(3)?.placement).to.equal('placed');
      expect(one.balances[0]).to.equal(40_00n);
    }
  });

  it('counts a load that nobody heard of to a lost card, before what waits for it, and to no other card', () => {
    const unload = { counter: 8, kind: 'unload', slot: 0, amount: 5_00n, state: 'authorised' } as const;
    const loads = [authorised, unload, { ...authorised, counter: 9, state: 'asked' as const }];
    const lost = book({ standing: 'lost', loads });
    lost.take(record('purchase', 3, 110_00n, 10_00n, { points: none }));
    lost.close();
    expect(lost.events.map(({ kind }) => kind)).to.deep.equal([
      ...['record-booked', 'load-assumed', 'record-placed', 'card-retired'],
    ]);
    const money = { amount: 20_00n, unit: euro };
    expect(lost.events[1]).to.deep.equal({ kind: 'load-assumed', cardId, counter: 7, slot: 0, money });
    expect(lost.balances).to.deep.equal([10_00n, 0n, 0n]);
    expect([...lost.touchedLoads]).to.deep.equal([7]);
    expect([...lost.loads.values()].map(({ state }) => state)).to.deep.equal(['credited', 'authorised', 'asked']);
    const retired = book({ standing: 'retired', loads });
    retired.close();
    expect(retired.balances[0]).to.equal(100_00n);
  });

  it('places a record that takes exactly what is left, and no more', () => {
    for (const [amount, placement] of [
      [100_00n, 'placed'],
      [100_01n, 'broken'],
    ] as const) {
      const one = book({ standing: 'lost' });
      one.take(record('purchase', 3, amount, 0n, { points: none }));
      one.close();
      expect(one.records.get(3)?.placement).to.equal(placement);
      const [, placed] = one.events;
      expect(placed).to.include({ side: placement === 'placed' ? 'cards' : 'fraud' });
    }
  });
});

describe('What the book of a card finds', () => {
  it('names the record, its kind, its amount and what is wrong', () => {
    const one = book();
    one.take(record('purchase', 2, 3_50n, 99_00n));
    expect(one.findings).to.deep.equal([
      {
        kind: 'balance-chain',
        party: cardId,
        subject: 'balance-chain',
        detail: 'Record 2 (purchase of 350 minor units of EUR): a balance does not follow from the one before.',
      },
    ]);
  });

  it('names the number that exists twice, and keeps each content under a number of its own', () => {
    const one = book();
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(one.take(record('purchase', 2, 3_00n, 97_00n))).to.equal(2 + fork);
    expect(one.take(record('purchase', 2, 2_00n, 98_00n))).to.equal(2 + 2 * fork);
    expect(one.findings.map(({ detail }) => detail)).to.deep.equal([
      'Record 2 exists with two contents.',
      'Record 2 exists with two contents.',
    ]);
    expect(one.records.get(2 + fork)?.facts.nt).to.equal(2 + fork);
  });

  it('is a fault once: what comes later changes neither the fault nor what was moved for it', () => {
    const one = book();
    one.take(record('purchase', 3, 5_00n, 90_00n, { pointsBalance: 8n }));
    one.breakWith('cloned', 'Two cards with one key.');
    one.breakWith('executed-twice', 'Two records for one order.');
    expect(one.fault).to.equal('cloned');
    expect(one.findings.map(({ kind }) => kind)).to.deep.equal(['cloned', 'executed-twice']);
    expect(one.events.filter(({ kind }) => kind === 'record-placed')).to.have.length(1);
    expect(one.records.get(3)).to.include({ placement: 'broken', clearing: 'open' });
  });

  it('is a waiting record that does not follow when its turn comes', () => {
    const one = book();
    one.take(record('purchase', 3, 2_00n, 1_00n, { pointsBalance: 5n }));
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(one.fault).to.equal('balance-chain');
    expect(one.nt).to.equal(2);
    expect(one.findings[0]?.detail).to.match(/^Record 3 \(purchase of 200 minor units of EUR\)/);
    expect(one.records.get(3)?.placement).to.equal('broken');
  });

  it('is a slot that the card does not have', () => {
    const one = book();
    one.take(record('purchase', 2, 3_50n, 96_50n, { slot: 9 }));
    expect(one.fault).to.equal('wrong-unit');
  });

  it('is a record after the closing, and which', () => {
    const one = book({ standing: 'closed' });
    const facts = record('purchase', 2, 3_50n, 96_50n);
    one.take(facts);
    expect(one.findings).to.deep.equal([
      {
        kind: 'record-after-closing',
        party: cardId,
        subject: 'record/2',
        detail: "Record 2 came after the card's closing.",
      },
    ]);
    expect(one.records.get(2)).to.deep.equal({ facts, placement: 'late', clearing: 'none' });
  });

  it('is a book that was not given what it is asked about', () => {
    expect(() => book({ nt: 2 }).take(record('purchase', 2, 3_50n, 96_50n))).to.throw(
      'record 2 of 0102030405060708 was not loaded into its book',
    );
  });
});
