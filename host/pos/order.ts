/** One order of this visit: PIN where asked, journal, DEBIT or CANCEL LAST, S3, and the end of the entry. */
import { formatMoney, moneyToWire } from '../protocol/codec/money.js';
import type { Money } from '../protocol/codec/money.js';
import type { Seconds } from '../protocol/codec/time.js';
import { recordCodec } from '../protocol/generated/structures.js';
import { UnexpectedEvent, expected } from '../terminal/flow/machine.js';
import { pinTriesLeft } from '../terminal/flow/card.js';
import type { ClaimedRecord } from '../terminal/flow/card.js';
import type { ClosedEntry } from '../terminal/journal/entries.js';
import type { Order } from '../terminal/journal/state.js';
import { cardLost, cardRefusal, refusal, wantsPin } from '../terminal/refusal.js';
import type { Refusal } from '../terminal/refusal.js';
import { cancellable, needsPin, refusedPayment } from './checks.js';
import { base, finish, refuse, tell } from './ends.js';
import type { Base, PosStep } from './ends.js';
import { holds, isRecordOf, rebuiltRecord } from './record.js';
import type { PlacedOrder, PosEvent, PosOutcome, PosStateAt, Visit } from './types.js';

/** The card is fit, nothing is open: begin what was asked. */
export function begin(at: Base, visit: Visit, now: Seconds): PosStep {
  return at.task.task === 'pay' ? pay(at, visit, at.task.amount, now) : cancel(at, visit, at.task.tn, now);
}

function pay(at: Base, visit: Visit, amount: Money, now: Seconds): PosStep {
  const why = refusedPayment(at.context, visit, amount, now);
  if (why !== undefined) return refuse(at, why);
  return needsPin(visit, amount) ? askPin(at, visit, visit.s1.pinTries) : placeDebit(at, visit, now);
}

function cancel(at: Base, visit: Visit, tn: number | undefined, now: Seconds): PosStep {
  const sale = cancellable(visit, tn);
  if ('code' in sale) return refuse(at, sale);
  if (sale.slot !== visit.s1.slot) return reopened(at, sale);
  const order: PlacedOrder = {
    entry: 'opened',
    tn: visit.facts.nextTn,
    kind: 'cancel',
    cardId: visit.card.cardId,
    slot: sale.slot,
    amount: sale.amount,
    ntSeen: visit.s1.nt,
    time: now,
  };
  return {
    state: { ...base(at), at: 'signing', visit, sale, order },
    effects: [
      {
        do: 'sign-cancel',
        order: {
          scheme: at.context.scheme,
          cardId: order.cardId,
          terminalId: at.context.terminal.terminalId,
          cancelledNt: sale.ntSeen + 1,
          cancelledTn: sale.tn,
          tn: order.tn,
          slot: order.slot,
          amount: moneyToWire(order.amount),
        },
      },
    ],
  };
}

/** S1 told about another purse slot: the record to come cannot be rebuilt from that. */
function reopened({ context }: Base, { slot, tn }: Order): PosStep {
  return {
    state: { at: 'opening', context, task: { task: 'cancel', slot, tn } },
    effects: [{ do: 'open', slot, full: true }],
  };
}

export function signed(state: PosStateAt<'signing'>, event: PosEvent): PosStep {
  const { signature } = expected(state.at, event, 'sign-cancel');
  const { sale, order, visit } = state;
  return place(state, visit, { ...order, cancels: { tn: sale.tn, nt: sale.ntSeen + 1, signature } });
}

/** @param wrong what the card said of the PIN before */
function askPin(at: Base, visit: Visit, triesLeft: number, wrong?: Refusal): PosStep {
  const { task: wanted } = at;
  if (wanted.task !== 'pay') throw new UnexpectedEvent('asking-pin', wanted.task);
  return {
    state: { ...base(at), at: 'asking-pin', visit, triesLeft, ...(wrong === undefined ? {} : { wrong }) },
    effects: [{ do: 'ask-pin', triesLeft, amount: wanted.amount }],
  };
}

const noPin = refusal(
  'pin-not-given',
  'This payment needs the PIN, and none was given.',
  'Present the card again, and give its PIN: typed, or in a file (--pin-file).',
);

export function pinAsked(state: PosStateAt<'asking-pin'>, event: PosEvent): PosStep {
  const { visit, wrong = noPin } = state;
  if (!expected(state.at, event, 'ask-pin').given) return refuse(state, wrong);
  return { state: { ...base(state), at: 'verifying-pin', visit }, effects: [{ do: 'verify-pin' }] };
}

export function pinVerified(state: PosStateAt<'verifying-pin'>, event: PosEvent, now: Seconds): PosStep {
  switch (event.on) {
    case 'verify-pin':
      return placeDebit(state, state.visit, now);
    case 'refused': {
      const triesLeft = pinTriesLeft(event);
      const wrong = cardRefusal(event);
      return triesLeft === undefined || triesLeft === 0
        ? refuse(state, wrong)
        : askPin(state, state.visit, triesLeft, wrong);
    }
    case 'lost':
      return refuse(state, cardLost);
    default:
      throw new UnexpectedEvent(state.at, event.on);
  }
}

function placeDebit(at: Base, visit: Visit, now: Seconds): PosStep {
  const { task: wanted } = at;
  if (wanted.task !== 'pay') throw new UnexpectedEvent('placing', wanted.task);
  return place(at, visit, {
    entry: 'opened',
    tn: visit.facts.nextTn,
    kind: 'debit',
    cardId: visit.card.cardId,
    slot: wanted.slot,
    amount: wanted.amount,
    ntSeen: visit.s1.nt,
    time: now,
  });
}

/** The journal first: after this entry the order may have been executed, whatever happens to us. */
function place(at: Base, visit: Visit, order: PlacedOrder): PosStep {
  return { state: { ...base(at), at: 'placing', visit, order }, effects: [{ do: 'journal', entry: order }] };
}

export function placing(state: PosStateAt<'placing'>, event: PosEvent): PosStep {
  expected(state.at, event, 'journal');
  const { order, visit } = state;
  const { slot, amount, tn, time, cancels } = order;
  return {
    state: { ...base(state), at: 'ordered', visit, order },
    effects: [
      cancels === undefined
        ? { do: 'debit', slot, amount, tn, time }
        : {
            do: 'cancel-last',
            slot,
            amount,
            cancelledNt: cancels.nt,
            cancelledTn: cancels.tn,
            tn,
            time,
            signature: cancels.signature,
          },
    ],
  };
}

export function ordered(state: PosStateAt<'ordered'>, event: PosEvent, now: Seconds): PosStep {
  const { context, visit, order } = state;
  switch (event.on) {
    case 'debit':
    case 'cancel-last': {
      const record = rebuiltRecord(context, order, visit.s1, event);
      return record !== undefined && holds(context, visit.card, { record, s3: event.s3 })
        ? close(state, executedBy('answer', order, { record, s3: event.s3 }, now))
        : fetchProof(state);
    }
    case 'unsigned':
      return fetchProof(state);
    case 'refused':
      return close(state, {
        entry: 'closed',
        tn: order.tn,
        time: now,
        result: 'void',
        evidence: { by: 'refusal', sw: event.sw, reason: event.reason },
      });
    case 'lost':
      return unresolved(state, order, 'outcome-unknown');
    default:
      throw new UnexpectedEvent(state.at, event.on);
  }
}

function fetchProof(state: PosStateAt<'ordered'>): PosStep {
  const { visit, order } = state;
  return {
    state: { ...base(state), at: 'fetching', visit, order },
    effects: [{ do: 'get-record', nt: order.ntSeen + 1 }],
  };
}

export function fetched(state: PosStateAt<'fetching'>, event: PosEvent, now: Seconds): PosStep {
  const { context, visit, order } = state;
  if (event.on === 'lost') return unresolved(state, order, 'outcome-unknown');
  if (event.on === 'refused' || event.on === 'unsigned') return unresolved(state, order, 'proof-invalid');
  const { record, s3 } = expected(state.at, event, 'get-record');
  if (!isRecordOf(context, order, record) || !holds(context, visit.card, { record, s3 }))
    return unresolved(state, order, 'proof-invalid');
  return close(state, executedBy('proof', order, { record, s3 }, now));
}

function close(state: Base & { readonly visit: Visit; readonly order: PlacedOrder }, end: ClosedEntry): PosStep {
  const { visit, order } = state;
  return { state: { ...base(state), at: 'closing', visit, order, end }, effects: [{ do: 'journal', entry: end }] };
}

export function closing(state: PosStateAt<'closing'>, event: PosEvent): PosStep {
  expected(state.at, event, 'journal');
  const { order, end, visit } = state;
  if (end.result === 'executed') {
    const outcome: PosOutcome = {
      result: order.kind === 'debit' ? 'paid' : 'cancelled',
      tn: order.tn,
      cardId: order.cardId,
      recovered: false,
      record: recordCodec.decode(end.record),
      s3: end.s3,
    };
    return tell(state, outcome, order.tn);
  }
  if (end.evidence.by !== 'refusal') throw new UnexpectedEvent(state.at, end.evidence.by);
  // The card wants the PIN after all, with other limits than S1 showed: ask, and order under a new number.
  const next: Visit = { ...visit, facts: { ...visit.facts, nextTn: order.tn + 1 } };
  if (order.kind === 'debit' && wantsPin(end.evidence)) return askPin(state, next, visit.s1.pinTries);
  return refuse(state, cardRefusal(end.evidence));
}

function unresolved(at: Base, order: PlacedOrder, code: 'outcome-unknown' | 'proof-invalid'): PosStep {
  const { entry: _, ...placed } = order;
  const what = order.kind === 'debit' ? 'payment' : 'cancellation';
  const why = code === 'outcome-unknown' ? 'The card’s answer was lost' : 'The card’s signature does not hold';
  return finish(at, {
    result: 'unresolved',
    order: placed,
    refusal: refusal(
      code,
      `${why}: the ${what} of ${formatMoney(order.amount)} (number ${order.tn}) may have been made or not.`,
      order.kind === 'debit'
        ? 'Give no goods yet. Present the same card again and call for the same amount: it is not charged twice.'
        : 'Present the same card again and call the cancel once more: it is not given back twice.',
    ),
  });
}

function executedBy(
  by: 'answer' | 'proof',
  order: PlacedOrder,
  { record, s3 }: ClaimedRecord,
  now: Seconds,
): ClosedEntry {
  return {
    entry: 'closed',
    tn: order.tn,
    time: now,
    result: 'executed',
    record: recordCodec.encode(record),
    s3,
    evidence: { by },
  };
}
