/** How a POS flow ends, and what its states share. */
import type { Step } from '../terminal/flow/machine.js';
import type { Refusal } from '../terminal/refusal.js';
import type { PosEffect, PosOutcome, PosState, PosTask, PosContext } from './types.js';

export type PosStep = Step<PosState, PosEffect>;

/** What every state carries. */
export interface Base {
  readonly context: PosContext;
  readonly task: PosTask;
}

export function base({ context, task }: Base): Base {
  return { context, task };
}

export function finish(at: Base, outcome: PosOutcome): PosStep {
  return { state: { ...base(at), at: 'finished', outcome }, effects: [show(outcome)] };
}

export function refuse(at: Base, why: Refusal): PosStep {
  return finish(at, { result: 'refused', refusal: why });
}

/** Shows the outcome, then notes that it was seen: until then the next visit of this card would ask about it. */
export function tell(at: Base, outcome: PosOutcome, tn: number): PosStep {
  return {
    state: { ...base(at), at: 'telling', outcome },
    effects: [show(outcome), { do: 'journal', entry: { entry: 'told', tn } }],
  };
}

/** What {@link tell} showed is over. */
export function told(at: Base, outcome: PosOutcome): PosStep {
  return { state: { ...base(at), at: 'finished', outcome }, effects: [] };
}

/** The same step with something to be done before. */
export function after(effect: PosEffect, { state, effects }: PosStep): PosStep {
  return { state, effects: [effect, ...effects] };
}

function show(outcome: PosOutcome): PosEffect {
  return { do: 'show', notice: { notice: 'outcome', outcome } };
}
