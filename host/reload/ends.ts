/** How a kiosk's flow ends, and what its states share. */
import type { Step } from '../terminal/flow/machine.js';
import { cardLost } from '../terminal/refusal.js';
import type { Refusal } from '../terminal/refusal.js';
import type { ReloadBase, ReloadEffect, ReloadOutcome, ReloadState, Visit } from './types.js';

export type ReloadStep = Step<ReloadState, ReloadEffect>;

export function base({ context, task, synchronised }: ReloadBase): ReloadBase {
  return { context, task, synchronised };
}

/** Begins with SELECT and OPEN; again after a key switch, which ends the session. */
export function open(at: ReloadBase): ReloadStep {
  const slot = at.task.task === 'load' ? at.task.slot : 0;
  return { state: { ...base(at), at: 'opening' }, effects: [{ do: 'open', slot, full: false }] };
}

export function finish(at: ReloadBase, outcome: ReloadOutcome): ReloadStep {
  return { state: { ...base(at), at: 'finished', outcome }, effects: [show(outcome)] };
}

export function refuse(at: ReloadBase, refusal: Refusal): ReloadStep {
  return finish(at, { result: 'refused', refusal });
}

export function unresolved(at: ReloadBase, refusal: Refusal): ReloadStep {
  return finish(at, { result: 'unresolved', refusal });
}

/** The card was taken away where nothing was under way. */
export function lost(at: ReloadBase): ReloadStep {
  return refuse(at, cardLost);
}

/** Shows how a load ended, then drops the note of it: until then the next visit would finish it. */
export function tell(at: ReloadBase, visit: Visit, outcome: ReloadOutcome): ReloadStep {
  return {
    state: { ...base(at), at: 'telling', outcome },
    effects: [show(outcome), { do: 'forget-load', cardId: visit.card.cardId }],
  };
}

/** What {@link tell} showed is over. */
export function told(at: ReloadBase, outcome: ReloadOutcome): ReloadStep {
  return { state: { ...base(at), at: 'finished', outcome }, effects: [] };
}

export function after(effect: ReloadEffect, { state, effects }: ReloadStep): ReloadStep {
  return { state, effects: [effect, ...effects] };
}

function show(outcome: ReloadOutcome): ReloadEffect {
  return { do: 'show', notice: { notice: 'outcome', outcome } };
}
