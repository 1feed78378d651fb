/** How a desk's flow ends, and what its states share. */
import type { IssuerErrorCode } from '../protocol/issuer/port.js';
import type { Step } from '../terminal/flow/machine.js';
import { UnexpectedEvent } from '../terminal/flow/machine.js';
import { cardLost, cardRefusal, issuerRefusal, unfitCard } from '../terminal/refusal.js';
import type { Refusal } from '../terminal/refusal.js';
import type { DeskBase, DeskEffect, DeskEvent, DeskOutcome, DeskState, DeskVisit } from './types.js';

export type DeskStep = Step<DeskState, DeskEffect>;

export function base({ context, task }: DeskBase): DeskBase {
  return { context, task };
}

export function finish(at: DeskBase, outcome: DeskOutcome): DeskStep {
  return {
    state: { ...base(at), at: 'finished', outcome },
    effects: [{ do: 'show', notice: { notice: 'outcome', outcome } }],
  };
}

export function refuse(at: DeskBase, refusal: Refusal): DeskStep {
  return finish(at, { result: 'refused', refusal });
}

/** Opens a session with a card that is somebody's. */
export function open(at: DeskBase, issued: Extract<DeskState, { readonly at: 'opening' }>['issued']): DeskStep {
  return {
    state: { ...base(at), at: 'opening', ...(issued === undefined ? {} : { issued }) },
    effects: [{ do: 'open', slot: 0, full: false }],
  };
}

/** The issue or the order is done: the desk's note of the card goes. */
export function forget(at: DeskBase, { card }: DeskVisit, outcome: DeskOutcome): DeskStep {
  return { state: { ...base(at), at: 'forgetting', outcome }, effects: [{ do: 'forget-issue', cardId: card.cardId }] };
}

/** Elsewhere a person is sent to the desk, but this is the desk. */
function atDesk(refusal: Refusal): Refusal {
  if (refusal.code !== 'issuer-refused') return refusal;
  const next = 'Check the numbers and names given: ./epurse issuer holder find NAME lists people and their cards.';
  return { ...refusal, next };
}

/** What ends the visit instead of the awaited answer: a card that says no or goes away, an issuer that says no or nothing. */
export function setback(state: DeskState, event: DeskEvent): DeskStep {
  switch (event.on) {
    case 'lost':
    case 'unsigned':
      return refuse(state, cardLost);
    case 'refused':
      return refuse(state, cardRefusal(event));
    case 'unfit':
      return refuse(state, unfitCard(event.why, event.message));
    case 'issuer-failed':
      return refuse(state, atDesk(issuerRefusal(event satisfies { code: IssuerErrorCode; message: string })));
    default:
      throw new UnexpectedEvent(state.at, event.on);
  }
}
