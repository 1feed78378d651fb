/** What CREDIT and CANCEL LOAD answered, told to the issuer; then the visit goes on. */
import { moneyFromWire } from '../protocol/codec/money.js';
import type { Seconds } from '../protocol/codec/time.js';
import { LoadState, LoadType, StatementPurpose } from '../protocol/generated/enums.js';
import { recordCodec, statementCodec } from '../protocol/generated/structures.js';
import type { ClaimedRecord, ClaimedStatement } from '../terminal/flow/card.js';
import { recordHolds, statementHolds } from '../terminal/flow/claims.js';
import { askIssuer } from '../terminal/flow/issuer.js';
import { UnexpectedEvent, expected } from '../terminal/flow/machine.js';
import { cardRefusal } from '../terminal/refusal.js';
import { after, base, lost, refuse, tell, unresolved } from './ends.js';
import type { ReloadStep } from './ends.js';
import { creditLost, creditUnproven, noLoadPending } from './refusals.js';
import { cancelLoad, isRecordOf, isSameLoad, loadTypeOf } from './register.js';
import { proceed } from './task.js';
import type { ReloadBase, ReloadEvent, ReloadStateAt, Visit } from './types.js';

export function credited(state: ReloadStateAt<'crediting'>, event: ReloadEvent): ReloadStep {
  const { visit, presented, context } = state;
  switch (event.on) {
    case 'credit': {
      const { record, s3 } = event;
      if (!isRecordOf(record, presented.authorisation) || !recordHolds(context.scheme, visit.card, { record, s3 })) {
        return unresolved(state, creditUnproven);
      }
      return {
        state: { ...base(state), at: 'reporting-credit', visit, presented, claimed: { record, s3 } },
        effects: [reportCredit(visit, { record, s3 })],
      };
    }
    case 'unsigned': // CANCEL LOAD signs the credit's record again
      return cancelLoad(state, visit, presented.authorisation.counter);
    case 'refused': {
      // expired, spent meanwhile, another credit key: it will never be applied, so the register is freed and the money goes back
      const why = presented.purpose === 'task' ? cardRefusal(event) : undefined;
      return cancelLoad(state, visit, presented.authorisation.counter, why);
    }
    case 'lost':
      return unresolved(state, creditLost);
    default:
      throw new UnexpectedEvent(state.at, event.on);
  }
}

/** The issuer also learns of the credit from the log and from the next visit: its silence changes nothing for the holder. */
export function creditReported(state: ReloadStateAt<'reporting-credit'>, event: ReloadEvent, now: Seconds): ReloadStep {
  answeredOrNot(state.at, event);
  const { visit, presented, claimed } = state;
  if (presented.purpose === 'leftover') return leftover(state, visit, claimed, now);
  return loaded(state, visit, claimed, presented.recovered);
}

export function cancelled(state: ReloadStateAt<'cancelling'>, event: ReloadEvent): ReloadStep {
  const { visit, counter, context, why } = state;
  if (event.on === 'lost' || event.on === 'unsigned') return lost(state);
  if (event.on === 'refused') return refuse(state, cardRefusal(event));
  const { end } = expected(state.at, event, 'cancel-load');
  if (end.kind === 'credited') {
    const { record } = end.proof;
    if (record.ref !== counter || !recordHolds(context.scheme, visit.card, end.proof))
      return unresolved(state, creditUnproven);
    return {
      state: { ...base(state), at: 'reporting-end', visit, claimed: end.proof },
      effects: [reportCredit(visit, end.proof)],
    };
  }
  const { register } = end.proof.statement;
  if (
    !statementHolds(context.scheme, visit.card, StatementPurpose.register, end.proof) ||
    register.counter !== counter
  ) {
    return unresolved(state, creditUnproven);
  }
  const reported = {
    ...base(state),
    at: 'reporting-cancel',
    visit,
    ended: end.proof,
    ...(why === undefined ? {} : { why }),
  } as const;
  return { state: reported, effects: [reportCancel(visit, end.proof)] };
}

export function cancelReported(state: ReloadStateAt<'reporting-cancel'>, event: ReloadEvent, now: Seconds): ReloadStep {
  answeredOrNot(state.at, event);
  const { visit, ended, why, task } = state;
  const { register } = ended.statement;
  if (register.state !== LoadState.cancelled)
    return task.task === 'cancel' ? refuse(state, noLoadPending) : forgetting(state, visit, now);
  if (why !== undefined) return tell(state, visit, { result: 'refused', refusal: why });
  if (task.task !== 'cancel') return forgetting(state, visit, now);
  return tell(state, visit, {
    result: 'cancelled',
    counter: register.counter,
    amount: moneyFromWire(register.amount, register.unit),
    type: register.type === LoadType.unload ? LoadType.unload : LoadType.load,
  });
}

/** A load that was to be given up, or whose end nobody saw, is on the card. */
export function endReported(state: ReloadStateAt<'reporting-end'>, event: ReloadEvent, now: Seconds): ReloadStep {
  answeredOrNot(state.at, event);
  const { visit, claimed, task } = state;
  const { record } = claimed;
  const same = isSameLoad(task, { type: loadTypeOf(record), slot: record.slot, amount: BigInt(record.amount) });
  if (same) return loaded(state, visit, claimed, true);
  return task.task === 'cancel' ? refuse(state, noLoadPending) : leftover(state, visit, claimed, now);
}

/** What was begun here is over: the note of it can go. */
export function forgetting(at: ReloadBase, visit: Visit, now: Seconds): ReloadStep {
  if (visit.facts.note === undefined) return proceed(at, visit, now);
  return {
    state: { ...base(at), at: 'forgetting', visit },
    effects: [{ do: 'forget-load', cardId: visit.card.cardId }],
  };
}

export function forgotten(state: ReloadStateAt<'forgetting'>, event: ReloadEvent, now: Seconds): ReloadStep {
  expected(state.at, event, 'forget-load');
  const { note: _, ...facts } = state.visit.facts;
  return proceed(state, { ...state.visit, facts }, now);
}

function loaded(at: ReloadBase, visit: Visit, claimed: ClaimedRecord, recovered: boolean): ReloadStep {
  const type = loadTypeOf(claimed.record) ?? LoadType.load;
  return tell(at, visit, { result: 'loaded', type, cardId: visit.card.cardId, recovered, ...claimed });
}

function leftover(at: ReloadBase, visit: Visit, { record }: ClaimedRecord, now: Seconds): ReloadStep {
  const type = loadTypeOf(record) ?? LoadType.load;
  return after({ do: 'show', notice: { notice: 'finished', type, record } }, forgetting(at, visit, now));
}

function reportCredit({ card }: Visit, { record, s3 }: ClaimedRecord): ReturnType<typeof askIssuer> {
  return askIssuer('loadCredited', { cardId: card.cardId, record: recordCodec.encode(record), s3 });
}

function reportCancel({ card }: Visit, { statement, signature }: ClaimedStatement): ReturnType<typeof askIssuer> {
  return askIssuer('loadCancelled', { cardId: card.cardId, statement: statementCodec.encode(statement), signature });
}

function answeredOrNot(at: string, event: ReloadEvent): void {
  if (event.on !== 'issuer' && event.on !== 'issuer-failed') throw new UnexpectedEvent(at, event.on);
}
