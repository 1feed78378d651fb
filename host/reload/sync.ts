/**
 * Synchronising: the records after A, sealed by the card's statement, go to the issuer; SYNC and whatever else waits for this
 * card comes back. Needs the PIN, which reading does not use up, so a load follows in the same session.
 */
import type { Seconds } from '../protocol/codec/time.js';
import { OrderType, StatementPurpose } from '../protocol/generated/enums.js';
import type { SignedOrder } from '../protocol/issuer/port.js';
import { statementHolds } from '../terminal/flow/claims.js';
import { askIssuer, issuerAnswer } from '../terminal/flow/issuer.js';
import { expected } from '../terminal/flow/machine.js';
import { cardRefusal, issuerRefusal } from '../terminal/refusal.js';
import { after, base, finish, lost, open, refuse, unresolved } from './ends.js';
import type { ReloadStep } from './ends.js';
import { initLoad } from './load.js';
import { uploadOf } from './upload.js';
import { creditUnproven, issuerUnreachable } from './refusals.js';
import type { CollectedLog, ReloadBase, ReloadEvent, ReloadStateAt, Visit } from './types.js';

/** How many of the latest records a holder is shown at least, where there are as many. */
const shownRecords = 8;

export function collect(at: ReloadBase, visit: Visit): ReloadStep {
  return { state: { ...base(at), at: 'reading-totals', visit }, effects: [{ do: 'read-totals' }] };
}

export function totalsRead(state: ReloadStateAt<'reading-totals'>, event: ReloadEvent): ReloadStep {
  if (event.on === 'refused') return refuse(state, cardRefusal(event));
  if (event.on === 'lost') return lost(state);
  const { totals } = expected(state.at, event, 'read-totals');
  const { visit } = state;
  if (totals.nt === 0) return readCancels(state, visit, { totals, records: [], cancelOrders: [] });
  const from = Math.max(1, Math.min(totals.acknowledged + 1, totals.nt - shownRecords + 1));
  return {
    state: { ...base(state), at: 'reading-records', visit, totals },
    effects: [{ do: 'read-records', from, to: totals.nt }],
  };
}

export function recordsRead(state: ReloadStateAt<'reading-records'>, event: ReloadEvent): ReloadStep {
  if (event.on === 'refused') return refuse(state, cardRefusal(event));
  if (event.on === 'lost') return lost(state);
  const { records } = expected(state.at, event, 'read-records');
  return readCancels(state, state.visit, { totals: state.totals, records, cancelOrders: [] });
}

function readCancels(at: ReloadBase, visit: Visit, log: CollectedLog): ReloadStep {
  if (log.totals.cancels === 0) return seal(at, visit, log);
  return { state: { ...base(at), at: 'reading-cancels', visit, log }, effects: [{ do: 'read-cancel-orders' }] };
}

export function cancelsRead(state: ReloadStateAt<'reading-cancels'>, event: ReloadEvent): ReloadStep {
  if (event.on === 'refused') return refuse(state, cardRefusal(event));
  if (event.on === 'lost') return lost(state);
  const { orders } = expected(state.at, event, 'read-cancel-orders');
  return seal(state, state.visit, { ...state.log, cancelOrders: orders });
}

function seal(at: ReloadBase, visit: Visit, log: CollectedLog): ReloadStep {
  return { state: { ...base(at), at: 'sealing', visit, log }, effects: [{ do: 'get-statement', purpose: 'log' }] };
}

export function sealed(state: ReloadStateAt<'sealing'>, event: ReloadEvent): ReloadStep {
  if (event.on === 'refused') return refuse(state, cardRefusal(event));
  if (event.on === 'lost') return lost(state);
  const { statement, signature } = expected(state.at, event, 'get-statement');
  const { visit, log, context } = state;
  if (!statementHolds(context.scheme, visit.card, StatementPurpose.log, { statement, signature }))
    return unresolved(state, creditUnproven);
  return {
    state: { ...base(state), at: 'uploading', visit: { ...visit, log }, log },
    effects: [askIssuer('synchronise', uploadOf(visit, log, { statement, signature }))],
  };
}

export function uploaded(state: ReloadStateAt<'uploading'>, event: ReloadEvent, now: Seconds): ReloadStep {
  const { visit, task } = state;
  if (event.on === 'issuer-failed') {
    if (task.task === 'balance') return perform(state, visit, now);
    return refuse(state, event.code === 'rejected' ? issuerRefusal(event) : issuerUnreachable(event.message));
  }
  // a key switch ends the session with its answer: last
  const orders = [...issuerAnswer(event, 'synchronise')].sort(
    (a, b) => Number(endsSession(a)) - Number(endsSession(b)),
  );
  return nextOrder({ ...base(state), synchronised: true }, visit, { orders, taken: 0, refused: 0 }, now);
}

interface Orders {
  readonly orders: readonly SignedOrder[];
  readonly taken: number;
  readonly refused: number;
}

function nextOrder(at: ReloadBase, visit: Visit, { orders, taken, refused }: Orders, now: Seconds): ReloadStep {
  const [order] = orders;
  if (order === undefined)
    return after({ do: 'show', notice: { notice: 'orders', taken, refused } }, perform(at, visit, now));
  return {
    state: { ...base(at), at: 'ordering', visit, orders, taken, refused },
    effects: [{ do: 'put-order', order }],
  };
}

/** An order the card refuses is the issuer's business: it sees from the next statement that it was not taken. */
export function orderPut(state: ReloadStateAt<'ordering'>, event: ReloadEvent, now: Seconds): ReloadStep {
  if (event.on === 'lost') return lost(state);
  const [order, ...orders] = state.orders;
  const taken = event.on !== 'refused';
  if (taken) expected(state.at, event, 'put-order');
  const { visit } = state;
  if (taken && order !== undefined && endsSession(order) && orders.length === 0) return open(state);
  return nextOrder(
    state,
    visit,
    { orders, taken: state.taken + Number(taken), refused: state.refused + Number(!taken) },
    now,
  );
}

function endsSession({ type }: SignedOrder): boolean {
  return type === OrderType.keySwitch;
}

/** The PIN is verified, the log is with the issuer: what it was for. */
export function perform(at: ReloadBase, visit: Visit, now: Seconds): ReloadStep {
  const { task, synchronised } = at;
  if (task.task === 'load') return initLoad(at, visit, task, now);
  if (visit.log === undefined) return collect(at, visit);
  return finish(at, { result: 'balance', log: visit.log, cardId: visit.card.cardId, synchronised });
}
