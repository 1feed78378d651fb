/**
 * An order whose answer never came, settled at the next meeting with its card (docs/protocol.md section 5):
 * NT unchanged → void; this terminal's newest record → GET PROOF; anything else → the issuer.
 */
import type { Seconds } from '../protocol/codec/time.js';
import { formatMoney } from '../protocol/codec/money.js';
import { recordCodec } from '../protocol/generated/structures.js';
import { askIssuer, issuerAnswer } from '../terminal/flow/issuer.js';
import { UnexpectedEvent, expected } from '../terminal/flow/machine.js';
import type { ClosedEntry } from '../terminal/journal/entries.js';
import type { Order } from '../terminal/journal/state.js';
import { refusal } from '../terminal/refusal.js';
import { admit } from './admission.js';
import { after, base, finish, tell } from './ends.js';
import type { Base, PosStep } from './ends.js';
import { holds, isRecordOf, issuerWord, verdictOn } from './record.js';
import type { Executed, PosEffect, PosEvent, PosOutcome, PosStateAt, PosTask, Visit } from './types.js';

/** Takes up an open order of the card that is in the reader now. */
export function openEntry(at: Base, visit: Visit, order: Order, now: Seconds): PosStep {
  const { nt } = visit.s1;
  switch (verdictOn(order, visit.s1)) {
    case 'void':
      return settle(at, visit, order, {
        entry: 'closed',
        tn: order.tn,
        time: now,
        result: 'void',
        evidence: { by: 'counter', nt },
      });
    case 'executed':
      return {
        state: { ...base(at), at: 'proving', visit, order },
        effects: [
          { do: 'show', notice: { notice: 'resolving', order } },
          { do: 'get-record', nt: order.ntSeen + 1 },
        ],
      };
    case 'ask-issuer':
      return askAbout(at, visit, order);
  }
}

export function proved(state: PosStateAt<'proving'>, event: PosEvent, now: Seconds): PosStep {
  const { visit, order, context } = state;
  switch (event.on) {
    case 'get-record': {
      const { record, s3 } = event;
      if (!isRecordOf(context, order, record) || !holds(context, visit.card, { record, s3 }))
        return askAbout(state, visit, order);
      return settle(state, visit, order, {
        entry: 'closed',
        tn: order.tn,
        time: now,
        result: 'executed',
        record: recordCodec.encode(record),
        s3,
        evidence: { by: 'proof' },
      });
    }
    case 'refused':
    case 'unsigned':
      return askAbout(state, visit, order);
    case 'lost':
      return unresolved(state, order);
    default:
      throw new UnexpectedEvent(state.at, event.on);
  }
}

function askAbout(at: Base, visit: Visit, order: Order): PosStep {
  const { terminalId } = at.context.terminal;
  return {
    state: { ...base(at), at: 'asking-issuer', visit, order },
    effects: [
      { do: 'show', notice: { notice: 'resolving', order } },
      askIssuer('entryAnswer', { terminalId, cardId: order.cardId, tn: order.tn, ntSeen: order.ntSeen }),
    ],
  };
}

export function issuerAnswered(state: PosStateAt<'asking-issuer'>, event: PosEvent, now: Seconds): PosStep {
  const { visit, order, context } = state;
  if (event.on === 'issuer-failed') return unresolved(state, order);
  const answer = issuerAnswer(event, 'entryAnswer');
  if (answer.status === 'unknown') return unresolved(state, order);
  const record = issuerWord(context, order, answer);
  if (record === undefined) return unresolved(state, order);
  const evidence = { by: 'issuer', answer: answer.answer, signature: answer.signature } as const;
  const closed = { entry: 'closed', tn: order.tn, time: now } as const;
  if (record === null) return settle(state, visit, order, { ...closed, result: 'void', evidence });
  // An S3 that does not hold is left out: the issuer pays on its own word.
  const s3 =
    answer.status === 'executed' && holds(context, visit.card, { record, s3: answer.s3 })
      ? answer.s3
      : new Uint8Array(0);
  return settle(state, visit, order, {
    ...closed,
    result: 'executed',
    record: recordCodec.encode(record),
    s3,
    evidence,
  });
}

function settle(at: Base, visit: Visit, order: Order, end: ClosedEntry): PosStep {
  return { state: { ...base(at), at: 'settling', visit, order, end }, effects: [{ do: 'journal', entry: end }] };
}

/** An order that was closed as executed by an earlier run which then ended: as if it had just been closed. */
export function untoldEntry(at: Base, visit: Visit, order: Order, now: Seconds): PosStep {
  return order.end === undefined ? openEntry(at, visit, order, now) : follow(at, visit, order, order.end, now);
}

export function settled(state: PosStateAt<'settling'>, event: PosEvent, now: Seconds): PosStep {
  expected(state.at, event, 'journal');
  return follow(state, state.visit, state.order, state.end, now);
}

/** The old order is closed: a void is history; an executed one is money the cashier did not know of. */
function follow(at: Base, visit: Visit, order: Order, end: ClosedEntry, now: Seconds): PosStep {
  const fresh: Visit = { ...visit, facts: { ...withoutOpen(visit.facts), ...newestAfter(visit, order, end) } };
  const notice: PosEffect = { do: 'show', notice: { notice: 'resolved', order, executed: end.result === 'executed' } };
  if (end.result === 'void') return after(notice, beforeIt(at, visit, fresh, now));
  if (order.kind === 'cancel') return after(notice, cancelWasDone(at, fresh, order, end));
  // A cancel is about this very purchase, if it is the newest: no question needed.
  if (at.task.task === 'cancel') return after(notice, admit(at, fresh, now));
  return {
    state: { ...base(at), at: 'choosing', visit: fresh, order, end },
    effects: [
      notice,
      { do: 'ask-earlier', order, record: recordCodec.decode(end.record), same: isSame(at.task, order) },
    ],
  };
}

/** What is void was begun before the cashier knew the end of an earlier sale, as a cancel of that sale is: it is still to be told. */
function beforeIt(at: Base, { facts: { untold } }: Visit, fresh: Visit, now: Seconds): PosStep {
  return untold?.end?.result === 'executed' ? follow(at, fresh, untold, untold.end, now) : admit(at, fresh, now);
}

function cancelWasDone(at: Base, visit: Visit, order: Order, end: Executed): PosStep {
  if (at.task.task === 'cancel') return tell(at, recovered('cancelled', order, end), order.tn);
  return dismiss(at, visit, order);
}

export function choice(state: PosStateAt<'choosing'>, event: PosEvent, now: Seconds): PosStep {
  const { choice: chosen } = expected(state.at, event, 'ask-earlier');
  const { visit, order, end, task, context } = state;
  switch (chosen) {
    case 'finish':
      return tell(
        state,
        isSame(task, order) ? recovered('paid', order, end) : { result: 'refused', refusal: earlierPayment(order) },
        order.tn,
      );
    case 'go-on':
      return dismiss(state, visit, order);
    case 'cancel': {
      const cancel = { task: 'cancel', slot: order.slot, tn: order.tn } as const;
      if (visit.full) return admit({ context, task: cancel }, visit, now);
      return {
        state: { at: 'opening', context, task: cancel },
        effects: [{ do: 'open', slot: order.slot, full: true }],
      };
    }
  }
}

/** The cashier knows of it now; the visit goes on. */
function dismiss(at: Base, visit: Visit, order: Order): PosStep {
  return {
    state: { ...base(at), at: 'dismissing', visit },
    effects: [{ do: 'journal', entry: { entry: 'told', tn: order.tn } }],
  };
}

/** The same amount from the same purse: the payment that was tried before. */
function isSame(task: PosTask, order: Order): boolean {
  return task.task === 'pay' && task.slot === order.slot && task.amount.amount === order.amount.amount;
}

function recovered(result: 'paid' | 'cancelled', order: Order, end: Executed): PosOutcome {
  return {
    result,
    tn: order.tn,
    cardId: order.cardId,
    recovered: true,
    record: recordCodec.decode(end.record),
    s3: end.s3,
  };
}

function earlierPayment(order: Order): ReturnType<typeof refusal> {
  return refusal(
    'earlier-payment',
    `The earlier payment of ${formatMoney(order.amount)} (number ${order.tn}) did go through; this one was not begun.`,
    `./epurse pos receipt --tn ${order.tn} prints its receipt, ./epurse pos cancel gives it back; then call again.`,
  );
}

function unresolved(at: Base, order: Order): PosStep {
  return finish(at, {
    result: 'unresolved',
    order,
    refusal: refusal(
      'outcome-unknown',
      `Nobody knows yet whether the payment of ${formatMoney(order.amount)} (number ${order.tn}) was made.`,
      'Give no goods for it. Present the same card again; other cards can pay meanwhile.',
    ),
  });
}

function withoutOpen({ open: _, untold: __, ...facts }: Visit['facts']): Visit['facts'] {
  return facts;
}

/** The journal's view of the card's newest record, now that its order is closed. */
function newestAfter({ facts }: Visit, order: Order, end: ClosedEntry): Partial<Visit['facts']> {
  return facts.newest?.tn === order.tn ? { newest: { ...order, end } } : {};
}
