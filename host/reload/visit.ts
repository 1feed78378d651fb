/**
 * The beginning of a visit: the card's load register against what the issuer knows of that load. They differ when an answer
 * was lost earlier, here or at another kiosk; neither side needs the PIN to be brought together (docs/protocol.md section 6).
 */
import type { Seconds } from '../protocol/codec/time.js';
import { LoadState } from '../protocol/generated/enums.js';
import { creditAuthorisationCodec } from '../protocol/generated/structures.js';
import type { LoadStatus } from '../protocol/issuer/port.js';
import { isExpired } from '../terminal/flow/expiry.js';
import { askIssuer, issuerAnswer } from '../terminal/flow/issuer.js';
import { expected } from '../terminal/flow/machine.js';
import { block } from './block.js';
import { base, refuse, unresolved } from './ends.js';
import type { ReloadStep } from './ends.js';
import { issuerUnreachable, loadRefused, otherLoadPending, stillPending } from './refusals.js';
import { cancelLoad, credit, isSameLoad } from './register.js';
import { forgetting } from './settle.js';
import { cardExpired, proceed } from './task.js';
import type { CreditPurpose, ReloadEvent, ReloadStateAt, Visit } from './types.js';

export function consulted(state: ReloadStateAt<'consulting'>, event: ReloadEvent, now: Seconds): ReloadStep {
  const { on: _, ...facts } = expected(state.at, event, 'consult');
  const visit: Visit = { card: state.card, s1: state.s1, facts };
  if (facts.listed !== undefined) return block(state, visit, facts.listed);
  const { load } = state.s1;
  if (load === undefined || load.state === LoadState.none) return proceed(state, visit, now);
  const { kioskId } = state.context;
  return {
    state: { ...base(state), at: 'reconciling', visit, load },
    effects: [askIssuer('loadStatus', { kioskId, cardId: visit.card.cardId, counter: load.counter })],
  };
}

export function reconciled(state: ReloadStateAt<'reconciling'>, event: ReloadEvent, now: Seconds): ReloadStep {
  const { visit, load } = state;
  if (event.on === 'issuer-failed') return withoutIssuer(state, event.message, now);
  const status = issuerAnswer(event, 'loadStatus');
  switch (load.state) {
    case LoadState.pending:
      return pending(state, status, now);
    case LoadState.credited:
      return creditedBefore(state, status, now);
    case LoadState.cancelled:
      // settled or never seen: nothing to report; otherwise the issuer still waits for the cancel statement
      return status.status === 'settled' || status.status === 'unknown'
        ? forgetting(state, visit, now)
        : cancelLoad(state, visit, load.counter);
    case LoadState.none:
      return proceed(state, visit, now);
  }
}

/** PIN changes and a look at the balance need no issuer, and a card gives up a load by itself. */
function withoutIssuer(state: ReloadStateAt<'reconciling'>, message: string, now: Seconds): ReloadStep {
  const { visit, load, task } = state;
  switch (task.task) {
    case 'balance':
    case 'change-pin':
      return proceed(state, visit, now);
    case 'cancel':
      return load.state === LoadState.pending ? cancelLoad(state, visit, load.counter) : proceed(state, visit, now);
    case 'load':
    case 'visit':
      return refuse(state, issuerUnreachable(message));
  }
}

function pending(state: ReloadStateAt<'reconciling'>, status: LoadStatus, now: Seconds): ReloadStep {
  const { visit, load, task } = state;
  const same = isSameLoad(task, load);
  if (task.task === 'cancel') return cancelLoad(state, visit, load.counter);
  switch (status.status) {
    case 'authorised':
      // the card has no clock, and CREDIT carries no time: that an expired card moves no money is for the kiosk to see to
      return isExpired(visit, now)
        ? cancelLoad(state, visit, load.counter, same ? cardExpired : undefined)
        : present(state, status, same ? 'task' : 'leftover');
    case 'pending':
      if (same || task.task === 'visit') return unresolved(state, stillPending);
      return task.task === 'load' ? refuse(state, otherLoadPending) : proceed(state, visit, now);
    case 'refused':
      return cancelLoad(state, visit, load.counter, same ? loadRefused(status.code, status.message) : undefined);
    case 'settled':
      return cancelLoad(state, visit, load.counter);
    case 'unknown':
      // nothing was ever asked of the bank: the same wish goes on with PIN, another one starts clean
      return task.task === 'load' && !same ? cancelLoad(state, visit, load.counter) : proceed(state, visit, now);
  }
}

function creditedBefore(state: ReloadStateAt<'reconciling'>, status: LoadStatus, now: Seconds): ReloadStep {
  const { visit, load, task } = state;
  // begun here and never shown: the same wish is this load; otherwise the holder has seen it and wants another one
  const unseen = visit.facts.note?.counter === load.counter && isSameLoad(task, load);
  // the card has it, the issuer does not know: presented again, the card answers with the same record
  if (status.status === 'authorised') return present(state, status, unseen ? 'task' : 'leftover');
  // both know, the holder does not: CANCEL LOAD says how it ended
  return unseen ? cancelLoad(state, visit, load.counter) : forgetting(state, visit, now);
}

function present(
  state: ReloadStateAt<'reconciling'>,
  status: Extract<LoadStatus, { readonly status: 'authorised' }>,
  purpose: CreditPurpose,
): ReloadStep {
  const authorisation = creditAuthorisationCodec.decode(status.authorisation);
  return credit(state, state.visit, { authorisation, signature: status.signature, purpose, recovered: true });
}
