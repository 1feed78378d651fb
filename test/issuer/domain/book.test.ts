import { expect } from 'chai';
import { fork } from '../../../host/issuer/domain/book.js';
import { claimPurchase } from '../../../host/issuer/domain/claims.js';
import type { Claim } from '../../../host/issuer/domain/claims.js';
import type { RecordFacts } from '../../../host/issuer/domain/records.js';
import { dollar, euro, points } from '../../helpers/scheme.js';
import { authorised, book, claim, pos, record } from './facts.js';

describe('The book of a card', () => {
  it('follows records in sequence and keeps the balances they lead to', () => {
    const one = book();
    expect(one.take(record('purchase', 2, 3_50n, 96_50n))).to.equal(2);
    expect(one.nt).to.equal(2);
    expect(one.balances).to.deep.equal([96_50n, 0n, 3n]);
    expect(one.events.map(({ kind }) => kind)).to.deep.equal(['record-booked']);
    expect(one.fault).to.equal(undefined);
  });

  it('knows a record it has, and books nothing for it', () => {
    const one = book();
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(one.take(record('purchase', 2, 3_50n, 96_50n))).to.equal(2);
    expect(one.events).to.have.length(1);
  });

  it('keeps a record in suspense until the one before it has come, whatever the order', () => {
    const one = book();
    one.take(record('purchase', 4, 1_00n, 94_00n, { pointsBalance: 6n }));
    one.take(record('purchase', 3, 2_00n, 95_00n, { pointsBalance: 5n }));
    expect(one.nt).to.equal(1);
    expect(one.waiting().map(({ facts }) => facts.nt)).to.deep.equal([3, 4]);
    one.take(record('purchase', 2, 3_00n, 97_00n));
    expect(one.nt).to.equal(4);
    expect(one.balances).to.deep.equal([94_00n, 0n, 6n]);
    expect(one.waiting()).to.deep.equal([]);
    expect(one.events.filter(({ kind }) => kind === 'record-placed')).to.have.length(2);
  });

  it('[M11] breaks on two contents for one number', () => {
    const one = book();
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(one.take(record('purchase', 2, 3_00n, 97_00n))).to.equal(2 + fork);
    expect(one.fault).to.equal('two-contents');
    expect(one.take(record('purchase', 2, 3_00n, 97_00n))).to.equal(2 + fork);
    expect(one.take(record('purchase', 2, 3_50n, 96_50n))).to.equal(2);
    expect(claimPurchase(one, 2 + fork, claim)).to.equal('accepted');
    expect(one.events.filter((event) => event.kind === 'record-booked').map(({ side }) => side)).to.deep.equal([
      'cards',
      'fraud',
    ]);
  });

  const breaks: readonly [string, RecordFacts, string][] = [
    ['a balance that does not follow', record('purchase', 2, 3_50n, 99_00n), 'balance-chain'],
    [
      'a purchase of more than there is',
      record('purchase', 2, 200_00n, 0n, { points: { amount: 200n, unit: points }, pointsBalance: 200n }),
      'negative-balance',
    ],
    [
      'points that were not earned',
      record('purchase', 2, 3_50n, 96_50n, { points: { amount: 900n, unit: points }, pointsBalance: 900n }),
      'points-rule',
    ],
    [
      'a points balance that does not follow',
      record('purchase', 2, 3_50n, 96_50n, { pointsBalance: 900n }),
      'balance-chain',
    ],
    [
      'a parameter set nobody issued',
      record('purchase', 2, 3_50n, 96_50n, { parametersVersion: 9 }),
      'unknown-parameters',
    ],
    [
      'a slot with another unit',
      record('purchase', 2, 3_50n, 96_50n, { money: { amount: 3_50n, unit: dollar } }),
      'wrong-unit',
    ],
    [
      'a load nobody authorised',
      record('load', 2, 20_00n, 120_00n, { ref: 7, pointsBalance: 0n }),
      'unauthorised-load',
    ],
    ['a cancel of nothing', record('cancel', 2, 3_50n, 103_50n, { ref: 1 }), 'cancel-chain'],
  ];
  for (const [what, facts, fault] of breaks) {
    it(`[M12] breaks on ${what}`, () => {
      const one = book();
      one.take(facts);
      expect(one.fault).to.equal(fault);
      expect(one.balances).to.deep.equal([100_00n, 0n, 0n]);
      expect(one.findings.map(({ kind }) => kind)).to.deep.equal([fault]);
    });
  }

  const wrongLoads: readonly [string, RecordFacts][] = [
    ['above what was authorised', record('load', 2, 90_00n, 190_00n, { ref: 7, pointsBalance: 0n })],
    [
      'in another slot',
      record('load', 2, 20_00n, 20_00n, { ref: 7, slot: 1, money: { amount: 20_00n, unit: dollar } }),
    ],
    ['under another counter', record('load', 2, 20_00n, 120_00n, { ref: 8, pointsBalance: 0n })],
    ['in the other direction', record('unload', 2, 20_00n, 80_00n, { ref: 7, pointsBalance: 0n })],
  ];
  for (const [what, facts] of wrongLoads) {
    it(`[M3] breaks on a load ${what}, and books nothing for it`, () => {
      const one = book({ loads: [authorised] });
      one.take(facts);
      expect(one.fault).to.equal('unauthorised-load');
      expect(one.events).to.deep.equal([]);
    });
  }

  it('[M3] books an authorised load once, and breaks on a second record of it', () => {
    const one = book({ loads: [authorised] });
    one.take(record('load', 2, 20_00n, 120_00n, { ref: 7, pointsBalance: 0n }));
    expect(one.balances[0]).to.equal(120_00n);
    one.take(record('load', 3, 20_00n, 140_00n, { ref: 7, pointsBalance: 0n }));
    expect(one.fault).to.equal('unauthorised-load');
  });

  it('breaks on a credit of a load that was given up', () => {
    const one = book({ loads: [{ ...authorised, state: 'given-up' }] });
    one.take(record('load', 2, 20_00n, 120_00n, { ref: 7, pointsBalance: 0n }));
    expect(one.fault).to.equal('load-given-up-and-taken');
  });

  it('pays purchases of a broken card from the fraud account, and moves what waited there too', () => {
    const one = book();
    one.take(record('purchase', 3, 5_00n, 90_00n, { pointsBalance: 8n }));
    one.take(record('purchase', 2, 3_50n, 99_00n));
    one.take(record('purchase', 9, 1_00n, 1_00n));
    const booked = one.events.filter((event) => event.kind === 'record-booked');
    expect(booked.map(({ nt, side }) => [nt, side])).to.deep.equal([
      [3, 'suspense'],
      [2, 'fraud'],
      [9, 'fraud'],
    ]);
    expect(
      one.events.filter((event) => event.kind === 'record-placed').map(({ nt, side }) => [nt, side]),
    ).to.deep.equal([[3, 'fraud']]);
  });

  it('gives back a cancelled purchase that nobody claimed, and its points', () => {
    const one = book();
    one.take(record('purchase', 2, 3_50n, 96_50n));
    one.take(record('cancel', 3, 3_50n, 100_00n, { ref: 2, pointsBalance: 0n }));
    expect(one.balances).to.deep.equal([100_00n, 0n, 0n]);
    expect(one.records.get(2)?.clearing).to.equal('cancelled');
    expect(claimPurchase(one, 2, claim)).to.equal('cancelled-but-claimed');
  });

  it('takes a cancelled purchase back from the merchant who had claimed it', () => {
    const one = book();
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(claimPurchase(one, 2, claim)).to.equal('accepted');
    one.take(record('cancel', 3, 3_50n, 100_00n, { ref: 2, pointsBalance: 0n }));
    expect(one.records.get(2)?.clearing).to.equal('reversed');
    expect(one.events.at(-1)).to.include({ source: 'merchant' });
  });

  it('settles a cancel that came before its purchase', () => {
    const one = book();
    one.take(record('cancel', 3, 3_50n, 100_00n, { ref: 2, pointsBalance: 0n }));
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(one.nt).to.equal(3);
    expect([one.records.get(2)?.clearing, one.records.get(3)?.clearing]).to.deep.equal(['cancelled', 'none']);
    expect(claimPurchase(one, 2, claim)).to.equal('cancelled-but-claimed');
  });

  it('gives a purchase back to the holder when its order was signed void', () => {
    const one = book({ voided: new Set([`${pos}/20`]) });
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(one.records.get(2)?.clearing).to.equal('forfeited');
    expect(claimPurchase(one, 2, claim)).to.equal('void-but-claimed');
    expect(one.forfeit(2)).to.equal(false);
  });

  it('books nothing for a record that comes after the closing', () => {
    const one = book({ standing: 'closed' });
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(one.events).to.deep.equal([]);
    expect(one.findings.map(({ kind }) => kind)).to.deep.equal(['record-after-closing']);
    expect(claimPurchase(one, 2, claim)).to.equal('too-late');
  });

  it('places what still waits when the window of a lost card ends, as far as the balance reaches', () => {
    const one = book({ standing: 'lost' });
    one.take(record('purchase', 3, 60_00n, 40_00n, { points: { amount: 60n, unit: points }, pointsBalance: 60n }));
    one.take(record('purchase', 4, 50_00n, 50_00n, { points: { amount: 50n, unit: points }, pointsBalance: 50n }));
    one.close();
    expect(one.standing).to.equal('closed');
    expect(one.balances[0]).to.equal(40_00n);
    expect(one.records.get(4)?.placement).to.equal('broken');
  });
});

describe('A claim', () => {
  const refusals: readonly [string, Partial<Claim>, Partial<RecordFacts>, string][] = [
    ['above the limit in the certificate', { limits: new Map([[euro.code, 3_00n]]) }, {}, 'above-limit'],
    ['in a unit the certificate does not grant', { limits: new Map() }, {}, 'above-limit'],
    ['made after the terminal was revoked', { revokedAt: 999 }, {}, 'terminal-revoked'],
    ['made after the certificate ran out', { expiry: 1_000 }, {}, 'certificate-over'],
    ['made before the certificate began', { effective: 1_001 }, {}, 'certificate-over'],
    ['after the presentation window', { now: 2_001 }, {}, 'too-late'],
    ['on a card that was listed long before', { refusedFrom: 1_000 }, {}, 'listed-card'],
    ['of another terminal', { terminalId: 'cccccccccccccccc' }, {}, 'wrong-record'],
    ['of another merchant', { merchant: '0000000100000002' }, {}, 'wrong-record'],
  ];
  for (const [what, terms, facts, fault] of refusals) {
    it(`${what} is not paid`, () => {
      const one = book();
      one.take(record('purchase', 2, 3_50n, 96_50n, facts));
      const events = one.events.length;
      expect(claimPurchase(one, 2, { ...claim, ...terms })).to.equal(fault);
      expect(one.events).to.have.length(events);
    });
  }

  it('is accepted once', () => {
    const one = book();
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(claimPurchase(one, 2, claim)).to.equal('accepted');
    expect(claimPurchase(one, 2, claim)).to.equal('repeated');
    expect(one.events.map(({ kind }) => kind)).to.deep.equal(['record-booked']);
    expect(one.events[0]).to.include({ nt: 2, claimedBy: claim.merchant });
  });

  it('on a record that was booked earlier is an event of its own', () => {
    const before = book();
    before.take(record('purchase', 2, 3_50n, 96_50n));
    const one = book({ nt: 2, balances: before.balances, records: [...before.records.values()] });
    expect(claimPurchase(one, 2, claim)).to.equal('accepted');
    expect(claimPurchase(one, 2, claim)).to.equal('repeated');
    expect(one.events).to.have.length(1);
    expect(one.events[0]).to.include({ kind: 'purchase-claimed', nt: 2, merchant: claim.merchant });
  });

  it('on a card listed only a moment ago is paid', () => {
    const one = book();
    one.take(record('purchase', 2, 3_50n, 96_50n));
    expect(claimPurchase(one, 2, { ...claim, refusedFrom: 1_001 })).to.equal('accepted');
  });

  it('of a load is none', () => {
    const one = book({ loads: [authorised] });
    one.take(record('load', 2, 20_00n, 120_00n, { ref: 7, pointsBalance: 0n }));
    expect(claimPurchase(one, 2, claim)).to.equal('wrong-record');
  });
});
