/**
 * An issuer order for a card: its statement proves which one is due, the issuer signs it, the card takes it and proves it.
 * Cut anywhere, the whole is done again: the same counters give the same order.
 */
import { OrderType, StatementPurpose } from '../protocol/generated/enums.js';
import { statementCodec } from '../protocol/generated/structures.js';
import type { SignedOrder, SignedStatement } from '../protocol/issuer/port.js';
import type { ClaimedStatement } from '../terminal/flow/card.js';
import { statementHolds } from '../terminal/flow/claims.js';
import { askIssuer, issuerAnswer } from '../terminal/flow/issuer.js';
import { UnexpectedEvent, expected } from '../terminal/flow/machine.js';
import { refusal } from '../terminal/refusal.js';
import { base, forget, refuse, setback } from './ends.js';
import type { DeskStep } from './ends.js';
import type { DeskBase, DeskEvent, DeskOutcome, DeskStateAt, DeskVisit } from './types.js';

const unproven = refusal(
  'proof-invalid',
  'The card’s signature over its statement does not hold.',
  'Keep the card back and tell the issuer.',
);

const retired = refusal(
  'card-retired',
  'The card is retired; it takes no more orders.',
  'The issuer pays out what it held after the waiting period; ./epurse personalize makes a new card.',
);

export function prove(at: DeskBase, visit: DeskVisit): DeskStep {
  const { order } = orderOf(at);
  if (visit.s1.retired) {
    if (order !== 'retire') return refuse(at, retired);
    return {
      state: { ...base(at), at: 'sealing-order', visit },
      effects: [{ do: 'get-statement', purpose: 'closing' }],
    };
  }
  return { state: { ...base(at), at: 'proving', visit }, effects: [{ do: 'get-statement', purpose: 'log' }] };
}

export function proved(state: DeskStateAt<'proving'>, event: DeskEvent): DeskStep {
  if (event.on !== 'get-statement') return setback(state, event);
  const { visit, context } = state;
  const { order, reason } = orderOf(state);
  if (!statementHolds(context.scheme, visit.card, StatementPurpose.log, event)) return refuse(state, unproven);
  const request = { deskId: context.deskId, order, proof: signedStatement(visit, event), reason };
  return { state: { ...base(state), at: 'asking-order', visit }, effects: [askIssuer('orderFor', request)] };
}

export function orderMade(state: DeskStateAt<'asking-order'>, event: DeskEvent): DeskStep {
  if (event.on !== 'issuer') return setback(state, event);
  const order = issuerAnswer(event, 'orderFor');
  const { visit } = state;
  if (order.type !== OrderType.pinReset) return put(state, visit, order);
  return {
    state: { ...base(state), at: 'making-new-pin', visit, order },
    effects: [{ do: 'make-pin', cardId: visit.card.cardId }],
  };
}

/** The new PIN travels beside the order, never in it, and the issuer never sees it. */
export function newPinMade(state: DeskStateAt<'making-new-pin'>, event: DeskEvent): DeskStep {
  expected(state.at, event, 'make-pin');
  return put(state, state.visit, state.order);
}

function put(at: DeskBase, visit: DeskVisit, order: SignedOrder): DeskStep {
  return { state: { ...base(at), at: 'ordering', visit }, effects: [{ do: 'put-order', order }] };
}

export function orderPut(state: DeskStateAt<'ordering'>, event: DeskEvent): DeskStep {
  if (event.on !== 'put-order') return setback(state, event);
  const { visit } = state;
  if (event.answer.kind === 'retired') return report(state, visit, StatementPurpose.closing, event.answer.proof);
  return { state: { ...base(state), at: 'sealing-order', visit }, effects: [{ do: 'get-statement', purpose: 'log' }] };
}

export function orderSealed(state: DeskStateAt<'sealing-order'>, event: DeskEvent): DeskStep {
  if (event.on !== 'get-statement') return setback(state, event);
  const { visit } = state;
  const { statement, signature } = event;
  return report(state, visit, visit.s1.retired ? StatementPurpose.closing : StatementPurpose.log, {
    statement,
    signature,
  });
}

function report(at: DeskBase, visit: DeskVisit, purpose: StatementPurpose, proof: ClaimedStatement): DeskStep {
  if (!statementHolds(at.context.scheme, visit.card, purpose, proof)) return refuse(at, unproven);
  return {
    state: { ...base(at), at: 'reporting-order', visit, proof },
    effects: [askIssuer('orderTaken', signedStatement(visit, proof))],
  };
}

export function orderReported(state: DeskStateAt<'reporting-order'>, event: DeskEvent): DeskStep {
  if (event.on !== 'issuer') return setback(state, event);
  const { visit, proof } = state;
  const { order } = orderOf(state);
  const { cardId, expiry } = visit.card;
  const pinBlocked = order === 'unblock' && visit.s1.pinTries === 0;
  const outcome: DeskOutcome = { result: 'ordered', order, cardId, proof, ...(pinBlocked && { pinBlocked }) };
  if (order !== 'pinReset') return forget(state, visit, outcome);
  return {
    state: { ...base(state), at: 'handing-out', visit, outcome },
    effects: [{ do: 'hand-out', sheet: { cardId, holder: undefined, expiry, occasion: 'pin-reset' } }],
  };
}

function signedStatement({ card }: DeskVisit, { statement, signature }: ClaimedStatement): SignedStatement {
  return { cardId: card.cardId, statement: statementCodec.encode(statement), signature };
}

function orderOf({ task }: DeskBase): Extract<DeskBase['task'], { readonly task: 'order' }> {
  if (task.task !== 'order') throw new UnexpectedEvent('order', task.task);
  return task;
}
