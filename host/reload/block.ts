/** A listed card at the kiosk: hand over its block order; the card's answer takes the entry off the list. */
import { blockStatementCodec } from '../protocol/generated/structures.js';
import type { HotListEntryFields } from '../protocol/generated/structures.js';
import { blockHolds, blockOrder } from '../terminal/flow/claims.js';
import { askIssuer } from '../terminal/flow/issuer.js';
import { UnexpectedEvent } from '../terminal/flow/machine.js';
import { refusal } from '../terminal/refusal.js';
import { base, refuse } from './ends.js';
import type { ReloadStep } from './ends.js';
import type { ReloadBase, ReloadEvent, ReloadStateAt, Visit } from './types.js';

const listed = refusal(
  'card-listed',
  'The card is reported lost or stolen.',
  'Take it to the desk, with a proof of who you are.',
);

export function block(at: ReloadBase, visit: Visit, entry: HotListEntryFields): ReloadStep {
  return {
    state: { ...base(at), at: 'blocking', visit },
    effects: [
      { do: 'show', notice: { notice: 'blocking', cardId: visit.card.cardId } },
      { do: 'put-order', order: blockOrder(entry) },
    ],
  };
}

export function blocked(state: ReloadStateAt<'blocking'>, event: ReloadEvent): ReloadStep {
  const { card } = state.visit;
  const proof = event.on === 'put-order' && event.answer.kind === 'blocked' ? event.answer.proof : undefined;
  if (proof === undefined || !blockHolds(state.context.scheme, card, proof)) return refuse(state, listed);
  const { statement, signature } = proof;
  return {
    state: { ...base(state), at: 'reporting-block' },
    effects: [
      askIssuer('blockTaken', { cardId: card.cardId, statement: blockStatementCodec.encode(statement), signature }),
    ],
  };
}

/** Unreachable: the entry stays on the list until the card expires, which harms nobody. */
export function blockReported(state: ReloadStateAt<'reporting-block'>, event: ReloadEvent): ReloadStep {
  if (event.on !== 'issuer' && event.on !== 'issuer-failed') throw new UnexpectedEvent(state.at, event.on);
  return refuse(state, listed);
}
