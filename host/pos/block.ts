/** A listed card in the reader: hand over its block order, and keep the card's word for the issuer. */
import { OrderType } from '../protocol/generated/enums.js';
import { blockStatementCodec, orderBlockCodec } from '../protocol/generated/structures.js';
import type { HotListEntryFields } from '../protocol/generated/structures.js';
import { verifyBlockStatement } from '../protocol/signed/block-statement.js';
import { askIssuer } from '../terminal/flow/issuer.js';
import { expected } from '../terminal/flow/machine.js';
import { refusal } from '../terminal/refusal.js';
import { base, refuse } from './ends.js';
import type { Base, PosStep } from './ends.js';
import type { PosEvent, PosStateAt, Visit } from './types.js';

/** Length of structure `blockStatement`; the signature follows. */
const statementLength = 8;

export function block(at: Base, visit: Visit, entry: HotListEntryFields): PosStep {
  const body = orderBlockCodec.encode({ blockNumber: entry.blockNumber });
  return {
    state: { ...base(at), at: 'blocking', visit },
    effects: [
      { do: 'show', notice: { notice: 'blocking', cardId: visit.card.cardId } },
      { do: 'put-order', order: { type: OrderType.block, keyIndex: 0, body, signature: entry.signature } },
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
  const { body } = expected(state.at, event, 'put-order');
  const proof = {
    statement: blockStatementCodec.decode(body.slice(0, statementLength)),
    signature: body.slice(statementLength),
  };
  const { card } = state.visit;
  const message = {
    scheme: state.context.scheme,
    cardId: card.cardId,
    keyVersion: card.keyVersion,
    statement: proof.statement,
  };
  if (!verifyBlockStatement(message, proof.signature, card.signPoint)) return refuse(state, listedOnly);
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
