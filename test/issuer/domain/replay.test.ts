/** A card's history told again: what the books say of it, and what they should. */
import { expect } from 'chai';
import { fork } from '../../../host/issuer/domain/book.js';
import type { RecordFacts } from '../../../host/issuer/domain/records.js';
import { Replay } from '../../../host/issuer/domain/replay.js';
import type { ReplayedCard, ReplayedRecord } from '../../../host/issuer/domain/replay.js';
import { cardId, pos, record } from './facts.js';

const load = record('load', 1, 100_00n, 100_00n, { pointsBalance: 0n });
const sale = record('purchase', 2, 3_50n, 96_50n);
const cancel = record('cancel', 3, 3_50n, 100_00n, { ref: 2, pointsBalance: 0n });

function replayed(facts: RecordFacts, changes: Partial<ReplayedRecord> = {}): ReplayedRecord {
  return { facts, placement: 'placed', clearing: 'none', claims: new Set(), seenAt: 5_000, ...changes };
}

/** A card in use with these records behind it, told from the first to the last. */
function told(records: readonly ReplayedRecord[], card: Partial<ReplayedCard> = {}): Replay {
  const replay = new Replay(
    { cardId, standing: 'live', fault: undefined, nt: records.length, balances: [100_00n, 0n, 0n], ...card },
    new Map([[1, { steps: [100n, 0n, 0n], max: 1_000n }]]),
  );
  for (const one of records) replay.feed(one);
  replay.end();
  return replay;
}

function differences(records: readonly ReplayedRecord[], card: Partial<ReplayedCard> = {}): readonly string[] {
  return told(records, card).differences;
}

const open = replayed(sale, { clearing: 'open' });
const claimed = replayed(sale, { clearing: 'claimed', claims: new Set(['sale']) });

describe('A history told again', () => {
  it('is silent where every record follows and the balances are the shadows', () => {
    const replay = told([replayed(load), replayed(sale, { clearing: 'cancelled' }), replayed(cancel)]);
    expect([replay.differences, replay.findings, replay.hole]).to.deep.equal([[], [], undefined]);
  });

  it('names the slot whose shadow is another than the records make', () => {
    expect(differences([replayed(load), open], { balances: [96_50n, 1n, 3n] })).to.deep.equal([
      'Card 0102030405060708: slot 1: the records make 0 minor units, the shadow balance is 1.',
    ]);
    expect(differences([replayed(load)], { balances: [99_00n, 0n, 0n] })).to.deep.equal([
      'Card 0102030405060708: slot 0: the records make 10000 minor units, the shadow balance is 9900.',
    ]);
  });

  it('does not judge balances of a broken or closed card', () => {
    const balances = [1n, 0n, 0n];
    expect(differences([replayed(load)], { balances })).to.have.length(1);
    expect(differences([replayed(load)], { balances, fault: 'cloned' })).to.deep.equal([]);
    expect(differences([replayed(load)], { balances, standing: 'closed' })).to.deep.equal([]);
    const broken = replayed(sale, { placement: 'broken', clearing: 'open' });
    expect(differences([replayed(load), broken], { balances })).to.deep.equal([]);
  });

  it('names a record that is gone, wherever it is', () => {
    const gone = (nt: number, counted: number): string =>
      `Card 0102030405060708: record ${nt} is gone, though ${counted} are counted.`;
    const second = replayed({ ...sale, nt: 3, tn: 30 }, { clearing: 'open' });
    expect(differences([replayed(load), second], { nt: 3 })).to.deep.equal([gone(2, 3)]);
    expect(differences([open], { nt: 2, balances: [0n, 0n, 0n] })).to.deep.equal([gone(1, 2)]);
    expect(differences([replayed(load)], { nt: 2 })).to.deep.equal([gone(2, 2)]);
    expect(differences([replayed(load)], { nt: 2, standing: 'closed' })).to.deep.equal([]);
    expect(differences([replayed(load), second], { nt: 3, standing: 'closed' })).to.deep.equal([]);
  });

  it('says nothing of a gap beyond what is counted: there records wait', () => {
    const late = (nt: number, seenAt: number): ReplayedRecord =>
      replayed({ ...sale, nt }, { placement: 'waiting', clearing: 'open', seenAt });
    const replay = told([replayed(load), late(4, 700), late(5, 600), late(7, 800)], { nt: 1 });
    expect(replay.differences).to.deep.equal([]);
    expect(replay.hole).to.deep.equal({ nt: 1, waiting: 3, since: 600 });
  });

  it('finds a record that was counted and does not follow, once', () => {
    const wrong = replayed({ ...sale, balance: 99_00n }, { clearing: 'open' });
    const replay = told([replayed(load), wrong, replayed({ ...wrong.facts, nt: 3 }, { clearing: 'open' })]);
    expect(replay.findings).to.deep.equal([
      {
        kind: 'balance-chain',
        party: cardId,
        subject: 'balance-chain',
        detail: 'Record 2 is counted, and does not follow: balance-chain.',
      },
    ]);
    expect(replay.differences).to.deep.equal([]);
  });

  it('finds a cancel that is not of the record before it', () => {
    for (const records of [[replayed(load), replayed({ ...cancel, nt: 2 })], [replayed({ ...cancel, nt: 1, ref: 0 })]])
      expect(told(records).findings.map(({ kind }) => kind)).to.deep.equal(['cancel-chain']);
  });

  it('passes over what came after the closing', () => {
    expect(differences([replayed(load), replayed(sale, { placement: 'late' })])).to.deep.equal([]);
  });
});

describe('Claims, told again', () => {
  const stands = (clearing: string, claims: string): string =>
    `Card 0102030405060708: record 2 stands as ${clearing}, its claims are [${claims}].`;

  it('say the same as the purchase itself', () => {
    const is = (clearing: ReplayedRecord['clearing'], ...claims: ('sale' | 'reversal')[]): readonly string[] =>
      differences([replayed(load), replayed(sale, { clearing, claims: new Set(claims) })], {
        balances: [96_50n, 0n, 3n],
      });
    expect(is('open')).to.deep.equal([]);
    expect(is('claimed', 'sale')).to.deep.equal([]);
    expect(is('reversed', 'sale', 'reversal')).to.deep.equal([]);
    expect(is('forfeited')).to.deep.equal([]);
    expect(is('open', 'sale')).to.deep.equal([stands('open', 'sale')]);
    expect(is('claimed')).to.deep.equal([stands('claimed', '')]);
    expect(is('claimed', 'sale', 'reversal')).to.deep.equal([stands('claimed', 'sale, reversal')]);
    expect(is('reversed', 'sale')).to.deep.equal([stands('reversed', 'sale')]);
  });

  it('of a sale that the next record cancels are found, unless they were taken back', () => {
    const paid = told([replayed(load), claimed, replayed(cancel)]);
    expect(paid.findings).to.deep.equal([
      {
        kind: 'cancelled-but-claimed',
        party: pos,
        subject: 'tn/20',
        detail: `Transaction 20 with card ${cardId} is paid although the terminal's own order undid it.`,
      },
    ]);
    const reversed = replayed(sale, { clearing: 'reversed', claims: new Set(['sale', 'reversal']) });
    expect(told([replayed(load), reversed, replayed(cancel)]).findings).to.deep.equal([]);
    const cancelled = replayed(sale, { clearing: 'cancelled' });
    expect(told([replayed(load), cancelled, replayed(cancel)]).findings).to.deep.equal([]);
  });

  it('of a sale that another record cancels are none of this one’s', () => {
    const other = replayed({ ...cancel, ref: 1 });
    expect(told([replayed(load), claimed, other]).findings.map(({ kind }) => kind)).to.deep.equal(['cancel-chain']);
    const purchase = replayed(record('purchase', 3, 1_00n, 95_50n, { ref: 2, pointsBalance: 4n }), {
      clearing: 'open',
    });
    expect(told([replayed(load), claimed, purchase], { balances: [95_50n, 0n, 4n] }).findings).to.deep.equal([]);
  });
});

describe('Second contents, told again', () => {
  const second = (nt: number, time: number): ReplayedRecord =>
    replayed({ ...sale, nt: nt + fork, time }, { placement: 'broken', clearing: 'open' });
  const first = [replayed(load), replayed({ ...sale, time: 2_000 }, { clearing: 'open' })];
  const balances = [96_50n, 0n, 3n];

  it('all later than the sequence are a card that went back', () => {
    for (const time of [2_000, 3_000])
      expect(told([...first, second(2, time)], { nt: 2, balances }).findings).to.deep.equal([
        {
          kind: 'rolled-back',
          party: cardId,
          subject: 'rolled-back',
          detail: '1 records from number 2 on exist twice, the second after the first were made.',
        },
      ]);
  });

  it('of which one is older are two cards at once', () => {
    expect(told([...first, second(1, 1_999), second(2, 3_000)], { nt: 2, balances }).findings).to.deep.equal([
      {
        kind: 'cloned',
        party: cardId,
        subject: 'cloned',
        detail: '2 records from number 1 on exist twice, the second while the first were made.',
      },
    ]);
  });

  it('are no part of the sequence', () => {
    expect(told([...first, second(1, 3_000)], { nt: 2, balances }).differences).to.deep.equal([]);
  });
});
