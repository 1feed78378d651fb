/** The POS flow as a pure function: no card, no disk, no clock. Each effect is data, so what must come before what can be read off. */
import { expect } from 'chai';
import { money } from '../../host/protocol/codec/money.js';
import { RecordType, Role } from '../../host/protocol/generated/enums.js';
import type { OpeningAnswer } from '../../host/protocol/session/opening-answer.js';
import { begin, step } from '../../host/pos/flow.js';
import type { PosContext, PosEffect, PosEvent, PosFacts, PosState, PosTask } from '../../host/pos/types.js';
import { UnexpectedEvent } from '../../host/terminal/flow/machine.js';
import type { Order } from '../../host/terminal/journal/state.js';
import { euro, scheme, startTime, terminal } from '../helpers/scheme.js';
import { bytesFor, signerFor } from '../helpers/keys.js';
import { openingAnswer } from '../helpers/opening-answer.js';

const cardId = bytesFor('card of the flow', 8);
const card = { cardId, keyVersion: 1, signPoint: signerFor('card of the flow').point, expiry: startTime + 1_000_000 };
const context: PosContext = {
  scheme: scheme.id,
  terminal: terminal(Role.pos).certificate,
  units: scheme.units,
  orderKeys: [],
  listMaxAge: 86_400,
  floor: {},
};
const price = money(5_00n, euro);
const pay: PosTask = { task: 'pay', slot: 0, amount: price };
const fresh: PosFacts = { nextTn: 8, listIssuedAt: startTime };

const s1 = (changes: Partial<OpeningAnswer> = {}): OpeningAnswer => openingAnswer(cardId, changes);

function order(changes: Partial<Order> = {}): Order {
  return { tn: 7, kind: 'debit', cardId, slot: 0, amount: price, ntSeen: 3, time: startTime, told: false, ...changes };
}

/** Feeds events one after the other; gives the last state and every effect on the way. */
function run(
  events: readonly PosEvent[],
  task: PosTask = pay,
): { readonly state: PosState; readonly effects: PosEffect[] } {
  let { state, effects } = begin(context, task);
  const all = [...effects];
  for (const event of events) {
    ({ state, effects } = step(state, event, startTime));
    all.push(...effects);
  }
  return { state, effects: all };
}

function opened(answer = s1(), facts: PosFacts = fresh): PosEvent[] {
  return [
    { on: 'open', card, s1: answer, full: false },
    { on: 'consult', ...facts },
  ];
}

function codeOf(state: PosState): string {
  if (state.at !== 'finished') return `at ${state.at}`;
  const { outcome } = state;
  return outcome.result === 'refused' || outcome.result === 'unresolved' ? outcome.refusal.code : outcome.result;
}

const sent = (effects: readonly PosEffect[], name: PosEffect['do']): number =>
  effects.findIndex((effect) => effect.do === name);

describe('The POS flow', () => {
  it('writes the order into the journal, and only then sends it [M2]', () => {
    const placed = run(opened());
    expect(placed.effects.at(-1)).to.deep.include({ do: 'journal' });
    expect(sent(placed.effects, 'debit')).to.equal(-1);
    const ordered = run([...opened(), { on: 'journal' }]);
    expect(ordered.effects.at(-1)).to.deep.include({ do: 'debit', tn: 8, amount: price });
    expect(sent(ordered.effects, 'journal')).to.be.lessThan(sent(ordered.effects, 'debit'));
  });

  it('closes no entry on silence [M2]', () => {
    const { state, effects } = run([...opened(), { on: 'journal' }, { on: 'lost', command: 'debit' }]);
    expect(codeOf(state)).to.equal('outcome-unknown');
    const closed = effects.filter((effect) => effect.do === 'journal' && effect.entry.entry === 'closed');
    expect(closed).to.deep.equal([]);
  });

  it('closes an entry as void on a MACed refusal', () => {
    const refused: PosEvent = { on: 'refused', command: 'debit', sw: 0x6985, reason: 0x0e };
    const { state, effects } = run([...opened(), { on: 'journal' }, refused, { on: 'journal' }]);
    expect(codeOf(state)).to.equal('balance-too-small');
    expect(effects.some((effect) => effect.do === 'journal' && effect.entry.entry === 'closed')).to.equal(true);
  });

  it('gives no goods for a signature that does not hold, and asks for the proof', () => {
    const answer = { points: 5, pointsBalance: 5, flags: 0, parametersVersion: 1, s3: new Uint8Array(70) };
    const doubtful = run([...opened(), { on: 'journal' }, { on: 'debit', ...answer }]);
    expect(doubtful.effects.at(-1)).to.deep.equal({ do: 'get-record', nt: 4 });
    const refused: PosEvent = { on: 'refused', command: 'get-record', sw: 0x6a83, reason: 0 };
    const { state } = run([...opened(), { on: 'journal' }, { on: 'debit', ...answer }, refused]);
    expect(codeOf(state)).to.equal('proof-invalid');
  });

  it('settles an open entry before it looks at list, limits or the new order', () => {
    const open = { ...fresh, open: order(), listed: { cardId, blockNumber: 1, signature: new Uint8Array(70) } };
    const { state, effects } = run(opened(s1(), open));
    expect(state.at).to.equal('settling');
    expect(effects.at(-1)).to.deep.nested.include({ 'entry.result': 'void', 'entry.tn': 7 });
    expect(sent(effects, 'put-order')).to.equal(-1);
    expect(sent(run([...opened(s1(), open), { on: 'journal' }]).effects, 'put-order')).to.be.greaterThan(0);
  });

  it('fetches the proof where the card names the order, and asks the issuer where it names another', () => {
    const newest = { nt: 4, type: RecordType.purchase, tn: 7, slot: 0, amount: 5_00n };
    const open = { ...fresh, open: order() };
    expect(run(opened(s1({ nt: 4, newest }), open)).state.at).to.equal('proving');
    for (const other of [undefined, { ...newest, tn: 6 }, { ...newest, amount: 4_00n }, { ...newest, nt: 5 }]) {
      expect(run(opened(s1({ nt: 5, newest: other }), open)).state.at).to.equal('asking-issuer');
    }
  });

  it('leaves an entry open that the issuer does not know yet, and orders nothing', () => {
    const unknown: PosEvent = { on: 'issuer', call: 'entryAnswer', answer: { status: 'unknown', askAfter: 1 } };
    const failed: PosEvent = { on: 'issuer-failed', call: 'entryAnswer', code: 'unreachable', message: 'x' };
    for (const event of [unknown, failed]) {
      const { state, effects } = run([...opened(s1({ nt: 5 }), { ...fresh, open: order() }), event]);
      expect(codeOf(state)).to.equal('outcome-unknown');
      expect(sent(effects, 'journal')).to.equal(-1);
    }
  });

  const refusals: readonly [string, Partial<OpeningAnswer>, Partial<PosFacts>][] = [
    ['card-expired', { expired: true }, {}],
    ['card-blocked', { blocked: true }, {}],
    ['card-retired', { retired: true }, {}],
    ['log-full', { logFull: true }, {}],
    ['balance-too-small', { balance: money(4_99n, euro) }, {}],
    ['hot-list-too-old', {}, { listIssuedAt: startTime - 86_401 }],
    ['unit-not-granted', { headroom: undefined }, {}],
  ];
  for (const [code, answer, facts] of refusals) {
    it(`refuses with "${code}" and uses no number up [M9]`, () => {
      const { state, effects } = run(opened(s1(answer), { ...fresh, ...facts }));
      expect(codeOf(state)).to.equal(code);
      expect(sent(effects, 'journal')).to.equal(-1);
    });
  }

  it('refuses without any list at all', () => {
    expect(codeOf(run(opened(s1(), { nextTn: 8 })).state)).to.equal('hot-list-too-old');
  });

  it('never holds a PIN: effects and states only say that there is one', () => {
    const task: PosTask = { ...pay, amount: money(30_00n, euro) };
    const { effects } = run([...opened(), { on: 'ask-pin', given: true }], task);
    expect(effects.at(-1)).to.deep.equal({ do: 'verify-pin' });
  });

  it('asks about an earlier sale where a cancel of it turns out void, before it takes a new payment [M2]', () => {
    const record = Uint8Array.of(RecordType.purchase, ...new Uint8Array(54));
    const ended = { entry: 'closed', tn: 6, time: 1, result: 'executed', record, s3: new Uint8Array(8) } as const;
    const untold = order({ tn: 6, end: { ...ended, evidence: { by: 'proof' } } });
    const facts = { ...fresh, open: order({ kind: 'cancel', tn: 7, ntSeen: 3 }), untold };
    const { effects } = run([...opened(s1({ nt: 3 }), facts), { on: 'journal' }]);
    expect(sent(effects, 'ask-earlier')).to.be.greaterThan(-1);
    expect(sent(effects, 'debit')).to.equal(-1);
  });

  it('shows an outcome before it notes that it was seen', () => {
    const told = {
      ...fresh,
      untold: order({
        kind: 'cancel',
        end: { entry: 'closed', tn: 7, time: 1, result: 'void', evidence: { by: 'counter', nt: 3 } },
      }),
    };
    const { effects } = run(opened(s1(), told));
    expect(sent(effects, 'show')).to.be.lessThan(sent(effects, 'journal'));
  });

  it('takes no event that it did not ask for', () => {
    const { state } = begin(context, pay);
    expect(() => step(state, { on: 'journal' }, startTime)).to.throw(UnexpectedEvent);
    expect(() => step(run(opened()).state, { on: 'verify-pin' }, startTime)).to.throw(UnexpectedEvent);
  });
});
