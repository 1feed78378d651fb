/** A listed card in the reader: hand over its block order, and keep the card's word for the issuer. */
import { blockStatementCodec } from '../protocol/generated/structures.js';
import type { HotListEntryFields } from '../protocol/generated/structures.js';
import { blockHolds, blockOrder } from '../terminal/flow/claims.js';
import { askIssuer } from '../terminal/flow/issuer.js';
import { expected } from '../terminal/flow/machine.js';
import { refusal } from '../terminal/refusal.js';
import { base, refuse } from './ends.js';
import type { Base, PosStep } from './ends.js';
import type { PosEvent, PosStateAt, Visit } from './types.js';

export function block(at: Base, visit: Visit, entry: HotListEntryFields): PosStep {
  return {
    state: { ...base(at), at: 'blocking', visit },
    effects: [
      { do: 'show', notice: { notice: 'blocking', cardId: visit.card.cardId } },
      { do: 'put-order', order: blockOrder(entry) },
    ],
  };
}

const listed = refusal(
  'card-listed',
  'The card is reported lost or stolen; it is blocked now.',
  'Keep the card if you may, and call the issuer.',
);

const listedOnly = refusal(
  'card-listed',
  'The card is reported lost or stolen.',
  'Keep the card if you may, and call the issuer.',
);

/** The card answers a block order with its own signature, which takes the entry off the list. */
export function blocked(state: PosStateAt<'blocking'>, event: PosEvent): PosStep {
  if (event.on === 'refused' || event.on === 'lost' || event.on === 'unsigned') return refuse(state, listedOnly);
  const { answer } = expected(state.at, event, 'put-order');
  const { card } = state.visit;
  if (answer.kind !== 'blocked' || !blockHolds(state.context.scheme, card, answer.proof))
    return refuse(state, listedOnly);
  const { proof } = answer;
  return {
    state: { ...state, at: 'keeping-block', proof },
    effects: [{ do: 'keep-block', cardId: card.cardId, proof }],
  };
}

export function blockKept(state: PosStateAt<'keeping-block'>, event: PosEvent): PosStep {
  expected(state.at, event, 'keep-block');
  const { proof, visit } = state;
  const { cardId } = visit.card;
  return {
    state: { ...base(state), at: 'reporting-block', visit },
    effects: [
      askIssuer('blockTaken', {
        cardId,
        statement: blockStatementCodec.encode(proof.statement),
        signature: proof.signature,
      }),
    ],
  };
}

export function blockReported(state: PosStateAt<'reporting-block'>, event: PosEvent): PosStep {
  // unreachable now: the kept statement goes with the next upload
  if (event.on === 'issuer-failed') return refuse(state, listed);
  expected(state.at, event, 'issuer');
  return {
    state: { ...base(state), at: 'forgetting-block' },
    effects: [{ do: 'forget-block', cardId: state.visit.card.cardId }],
  };
}

export function blockForgotten(state: PosStateAt<'forgetting-block'>, event: PosEvent): PosStep {
  expected(state.at, event, 'forget-block');
  return refuse(state, listed);
}
