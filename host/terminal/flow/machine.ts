/**
 * Flows are pure: `step(state, event, now) → {state, effects}`. What has to be done is data; a shell does it and answers
 * with the next event. So a test can stop the world between any two effects, and knows all there is to know.
 */
import type { Clock, Seconds } from '../../protocol/codec/time.js';

export interface Step<State, Effect> {
  readonly state: State;
  /** Done in this order. At most the last one is answered by an event; no event ends the flow. */
  readonly effects: readonly Effect[];
}

export type StepFunction<State, Event, Effect> = (state: State, event: Event, now: Seconds) => Step<State, Effect>;

/** Does one effect. Gives the event that answers it, or nothing for an effect that needs no answer. */
export type Perform<Event, Effect> = (effect: Effect) => Promise<Event | undefined>;

/**
 * Runs a flow to its end. What `perform` throws ends the run where it stands: the journal then has what the next run needs.
 *
 * @returns the last state
 */
export async function runFlow<State, Event, Effect>(
  first: Step<State, Effect>,
  step: StepFunction<State, Event, Effect>,
  perform: Perform<Event, Effect>,
  clock: Clock,
): Promise<State> {
  let { state, effects } = first;
  for (;;) {
    let event: Event | undefined;
    for (const effect of effects) event = await perform(effect);
    if (event === undefined) return state;
    ({ state, effects } = step(state, event, clock()));
  }
}

/** An event that the flow did not ask for: a defect of the shell. */
export class UnexpectedEvent extends Error {
  override readonly name = 'UnexpectedEvent';
  constructor(at: string, on: string) {
    super(`event "${on}" in state "${at}"`);
  }
}

/** The event a state waits for. @throws UnexpectedEvent for another */
export function expected<Event extends { readonly on: string }, Name extends Event['on']>(
  at: string,
  event: Event,
  name: Name,
): Extract<Event, { readonly on: Name }> {
  if (event.on !== name) throw new UnexpectedEvent(at, event.on);
  return event as Extract<Event, { readonly on: Name }>;
}
