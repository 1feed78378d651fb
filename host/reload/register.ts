/** The two commands that end a pending load: CREDIT and CANCEL LOAD. Both may be repeated, at any kiosk. */
import { LoadType, RecordType } from '../protocol/generated/enums.js';
import type { CreditAuthorisationFields, RecordFields } from '../protocol/generated/structures.js';
import type { LoadStatus as LoadOnCard } from '../protocol/session/opening-answer.js';
import type { Refusal } from '../terminal/refusal.js';
import { after, base } from './ends.js';
import type { ReloadStep } from './ends.js';
import type { Presented, ReloadBase, ReloadTask, Visit } from './types.js';

export function credit(at: ReloadBase, visit: Visit, presented: Presented): ReloadStep {
  const { authorisation, signature } = presented;
  const step: ReloadStep = {
    state: { ...base(at), at: 'crediting', visit, presented },
    effects: [{ do: 'credit', authorisation, signature }],
  };
  const { load } = visit.s1;
  if (!presented.recovered || load === undefined) return step;
  return after({ do: 'show', notice: { notice: 'finishing', load, what: 'credit' } }, step);
}

/** @param why what the holder is told once the load is given up; without it the visit goes on */
export function cancelLoad(at: ReloadBase, visit: Visit, counter: number, why?: Refusal): ReloadStep {
  return {
    state: { ...base(at), at: 'cancelling', visit, counter, ...(why === undefined ? {} : { why }) },
    effects: [{ do: 'cancel-load', counter }],
  };
}

/** Is the load in the register the one the holder asks for now? */
export function isSameLoad(task: ReloadTask, load: Pick<LoadOnCard, 'type' | 'slot' | 'amount'>): boolean {
  return (
    task.task === 'load' && task.type === load.type && task.slot === load.slot && task.amount.amount === load.amount
  );
}

/** Is this the record of that authorisation? Balance, NT and A are the card's word, under its signature. */
export function isRecordOf(
  record: RecordFields,
  { counter, type, slot, unit, amount }: CreditAuthorisationFields,
): boolean {
  return (
    record.type === (type === LoadType.load ? RecordType.load : RecordType.unload) &&
    record.ref === counter &&
    record.slot === slot &&
    record.unit === unit &&
    record.amount === amount
  );
}

/** The load type behind a record, or undefined for a payment. */
export function loadTypeOf({ type }: RecordFields): LoadType | undefined {
  if (type === RecordType.load) return LoadType.load;
  return type === RecordType.unload ? LoadType.unload : undefined;
}
