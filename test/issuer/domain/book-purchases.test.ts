/** What becomes of a purchase in a card’s book: cancelled, given back, claimed; to the letter. */
import { expect } from 'chai';
import { fork } from '../../../host/issuer/domain/book.js';
import { claimPurchase } from '../../../host/issuer/domain/claims.js';
import { euro } from '../../helpers/scheme.js';
import { authorised, book, cardId, claim, merchant, pos, record } from './facts.js';

const otherPos = 'cccccccccccccccc';

describe('A cancel in the book of a card', () => {
  const paid = (): ReturnType<typeof book> => {
    const one = book();
    one.take(record('purchase', 2, 3_50n, 96_50n));
    return one;
  };
  const cancel = record('cancel', 3, 3_50n, 100_00n, { ref: 2, pointsBalance: 0n });

  it('takes an unclaimed purchase from clearing', () => {
    const one = paid();
    one.take(cancel);
    expect(one.events[1]).to.deep.equal({
      kind: 'record-booked',
      cardId,
      nt: 3,
      movement: cancel,
      side: 'cards',
      source: 'clearing',
    });
    expect(one.records.get(2)?.clearing).to.equal('cancelled');
    expect(one.records.get(3)?.clearing).to.equal('none');
  });

  it('takes a claimed one from the merchant, who owes it from then on', () => {
    const one = paid();
    claimPurchase(one, 2, claim);
    one.take(cancel);
    expect(one.events[1]).to.include({ source: 'merchant' });
    expect(one.records.get(2)?.clearing).to.equal('reversed');
    expect(one.records.get(3)?.clearing).to.equal('none');
    expect(claimPurchase(one, 2, claim)).to.equal('cancelled-but-claimed');
  });

  it('of what went back to the holder before is a loss, and found', () => {
    const one = paid();
    expect(one.forfeit(2)).to.equal(true);
    one.take(cancel);
    expect(one.events.at(-1)).to.include({ kind: 'record-booked', source: 'fraud' });
    expect(one.records.get(2)?.clearing).to.equal('forfeited');
    expect(one.records.get(3)?.clearing).to.equal('none');
    expect(one.findings).to.deep.equal([
      {
        kind: 'cancel-after-forfeit',
        party: cardId,
        subject: 'record/3',
        detail: 'Record 3 cancels what was given back before.',
      },
    ]);
  });

  it('of what was cancelled or reversed before, or was never for sale, is a loss, and found', () => {
    const twice = paid();
    twice.take(cancel);
    twice.take({ ...cancel, nt: 4, tn: 40 });
    const reversed = paid();
    claimPurchase(reversed, 2, claim);
    reversed.take(cancel);
    reversed.take({ ...cancel, nt: 4, tn: 40 });
    const load = book({ loads: [authorised] });
    load.take(record('load', 2, 20_00n, 120_00n, { ref: 7, pointsBalance: 0n, terminalId: pos }));
    load.take(cancel);
    for (const one of [twice, reversed, load]) {
      expect(one.fault).to.equal('cancel-chain');
      expect(one.findings.map(({ kind }) => kind)).to.deep.equal(['cancel-chain', 'cancel-after-forfeit']);
      expect(one.events.at(-1)).to.include({ kind: 'record-booked', side: 'fraud', source: 'fraud' });
    }
  });

  it('that comes first waits for its purchase and leaves it nobody’s; for another one it waits on', () => {
    const first = book();
    first.take(cancel);
    expect(first.records.get(3)).to.include({ placement: 'waiting', clearing: 'open' });
    expect(first.events[0]).to.include({ side: 'suspense', source: 'clearing' });
    first.take(record('purchase', 2, 3_50n, 96_50n));
    expect([first.records.get(2)?.clearing, first.records.get(3)?.clearing]).to.deep.equal(['cancelled', 'none']);
    const foreign = book();
    foreign.take({ ...cancel, terminalId: otherPos });
    foreign.take(record('purchase', 2, 3_50n, 96_50n));
    expect(foreign.records.get(2)?.clearing).to.equal('open');
  });

  it('leaves a purchase open that another cancel, or no cancel at all, stands behind', () => {
    const settled = book({
      records: [{ facts: cancel, placement: 'waiting', clearing: 'none' }],
    });
    settled.take(record('purchase', 2, 3_50n, 96_50n));
    expect(settled.records.get(2)?.clearing).to.equal('open');
    const next = book();
    next.take(record('purchase', 3, 1_00n, 95_50n, { ref: 2, pointsBalance: 4n }));
    next.take(record('purchase', 2, 3_50n, 96_50n));
    expect(next.records.get(2)?.clearing).to.equal('open');
    expect(next.records.get(3)?.clearing).to.equal('open');
  });

  it('finds, among two contents of one number, the purchase of its own terminal', () => {
    const one = paid();
    one.take(record('purchase', 2, 3_00n, 97_00n, { terminalId: otherPos }));
    one.take({ ...cancel, terminalId: otherPos });
    expect(one.records.get(2)?.clearing).to.equal('open');
    expect(one.records.get(2 + fork)?.clearing).to.equal('cancelled');
  });
});

describe('A purchase that nobody may claim any more', () => {
  it('goes back to the holder; of a broken card against the loss', () => {
    for (const [fault, to] of [
      [undefined, 'holdersPayable'],
      ['cloned', 'fraud'],
    ] as const) {
      const one = book({ fault });
      const facts = record('purchase', 2, 3_50n, 96_50n);
      one.take(facts);
      expect(one.forfeit(2)).to.equal(true);
      expect(one.events[1]).to.deep.equal({ kind: 'purchase-forfeited', cardId, nt: 2, money: facts.money, to });
      expect(one.records.get(2)?.clearing).to.equal('forfeited');
      expect(one.forfeit(2)).to.equal(false);
      expect(one.events).to.have.length(2);
    }
  });

  it('is an open purchase: no number that is not there, no claimed one, no cancel that waits', () => {
    const one = book();
    one.take(record('cancel', 5, 3_50n, 100_00n, { ref: 4, pointsBalance: 0n }));
    one.take(record('purchase', 2, 3_50n, 96_50n));
    claimPurchase(one, 2, claim);
    const before = one.events.length;
    expect([one.forfeit(9), one.forfeit(2), one.forfeit(5)]).to.deep.equal([false, false, false]);
    expect(one.events).to.have.length(before);
  });

  it('is the one whose order the terminal signed void, by terminal and number', () => {
    const one = book();
    one.take(record('purchase', 2, 3_50n, 96_50n));
    one.take(record('purchase', 3, 1_00n, 95_50n, { tn: 20, terminalId: otherPos, pointsBalance: 4n }));
    one.take(record('purchase', 4, 1_00n, 94_50n, { pointsBalance: 5n }));
    one.take(record('cancel', 5, 1_00n, 95_50n, { tn: 20, ref: 4, pointsBalance: 4n }));
    one.take(record('purchase', 6, 1_00n, 94_50n, { pointsBalance: 5n }));
    one.forfeitOrder(pos, 20);
    expect([2, 3, 4, 5, 6].map((nt) => one.records.get(nt)?.clearing)).to.deep.equal([
      'forfeited',
      'open',
      'cancelled',
      'none',
      'open',
    ]);
  });

  it('is none that the issuer was told void before it came, unless it is a purchase', () => {
    const one = book({ voided: new Set([`${pos}/20`, `${pos}/30`]) });
    one.take(record('purchase', 2, 3_50n, 96_50n));
    one.take(record('cancel', 5, 3_50n, 96_50n, { tn: 30, ref: 4 }));
    expect(one.records.get(2)?.clearing).to.equal('forfeited');
    expect(one.records.get(5)?.clearing).to.equal('open');
    expect(one.events.filter(({ kind }) => kind === 'purchase-forfeited')).to.have.length(1);
  });
});

describe('A claim in the book of a card', () => {
  it('goes with the booking of its own record and of no other', () => {
    const one = book();
    one.take(record('purchase', 2, 3_50n, 96_50n));
    one.take(record('purchase', 3, 1_00n, 95_50n, { pointsBalance: 4n }));
    expect(claimPurchase(one, 2, claim)).to.equal('accepted');
    expect(one.events.map((event) => ('claimedBy' in event ? event.claimedBy : undefined))).to.deep.equal([
      merchant,
      undefined,
    ]);
    expect(one.records.get(2)?.clearing).to.equal('claimed');
    expect(one.records.get(3)?.clearing).to.equal('open');
  });

  it('of a record that left suspense in the same round goes with its booking all the same', () => {
    const one = book();
    one.take(record('purchase', 3, 1_00n, 95_50n, { pointsBalance: 4n }));
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(claimPurchase(one, 3, claim)).to.equal('accepted');
    expect(one.events.map(({ kind }) => kind)).to.deep.equal(['record-booked', 'record-booked', 'record-placed']);
    expect(one.events[0]).to.include({ nt: 3, side: 'suspense', claimedBy: merchant });
  });

  it('of a record that left suspense is told beside that', () => {
    const one = book({
      nt: 2,
      records: [
        { facts: record('purchase', 3, 1_00n, 99_00n, { pointsBalance: 1n }), placement: 'waiting', clearing: 'open' },
      ],
    });
    one.close();
    expect(claimPurchase(one, 3, claim)).to.equal('accepted');
    expect(one.events.map(({ kind }) => kind)).to.deep.equal(['record-placed', 'purchase-claimed']);
    expect(one.events[1]).to.deep.equal({
      kind: 'purchase-claimed',
      cardId,
      nt: 3,
      money: { amount: 1_00n, unit: euro },
      merchant,
    });
  });
});
