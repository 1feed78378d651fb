/** The record a POS expects of its order, and the proof that it got it (M2, M11). */
import { equalBytes } from '../protocol/codec/bytes.js';
import { add, largestAmount, moneyToWire, subtract } from '../protocol/codec/money.js';
import { Authority, Outcome, RecordType } from '../protocol/generated/enums.js';
import { entryAnswerCodec, recordCodec } from '../protocol/generated/structures.js';
import type { RecordFields } from '../protocol/generated/structures.js';
import type { OpeningAnswer } from '../protocol/session/opening-answer.js';
import type { EntryAnswer } from '../protocol/issuer/port.js';
import { verifyEntryAnswer } from '../protocol/signed/entry-answer.js';
import { recordHolds } from '../terminal/flow/claims.js';
import type { DebitAnswer } from '../protocol/commands/debit.js';
import type { ClaimedRecord, KnownCard } from '../terminal/flow/card.js';
import type { Order } from '../terminal/journal/state.js';
import type { PlacedOrder, PosContext } from './types.js';

type AnyOrder = PlacedOrder | Order;

/** The record as it must read if the card did what it was told, rebuilt from journal, S1 and answer; undefined where no balance fits. */
export function rebuiltRecord(
  context: PosContext,
  order: PlacedOrder,
  s1: OpeningAnswer,
  answer: DebitAnswer,
): RecordFields | undefined {
  const balance = order.kind === 'debit' ? subtract(s1.balance, order.amount) : add(s1.balance, order.amount);
  if (balance.amount < 0n || balance.amount > largestAmount) return undefined;
  return {
    ...fixedFields(context, order),
    balance: moneyToWire(balance),
    points: answer.points,
    pointsBalance: answer.pointsBalance,
    flags: answer.flags,
    parametersVersion: answer.parametersVersion,
  };
}

/** Is this the record of that order? Balance and points are the card's word, under its signature. */
export function isRecordOf(context: PosContext, order: AnyOrder, record: RecordFields): boolean {
  const encoded = recordCodec.encode(record);
  return equalBytes(encoded, recordCodec.encode({ ...record, ...fixedFields(context, order) }));
}

/** Does the card's signature over the record hold? */
export function holds({ scheme }: PosContext, card: KnownCard, claimed: ClaimedRecord): boolean {
  return recordHolds(scheme, card, claimed);
}

/** S1 names this order as the terminal's newest record: it was executed, and GET PROOF has the signature. */
export function isNewest(order: AnyOrder, { newest }: OpeningAnswer): boolean {
  return (
    newest?.nt === order.ntSeen + 1 &&
    newest.type === recordTypeOf(order) &&
    newest.tn === order.tn &&
    newest.slot === order.slot &&
    newest.amount === order.amount.amount
  );
}

/** The record in the issuer's final word on an order; null for "never executed"; undefined where the word does not hold. */
export function issuerWord(
  context: PosContext,
  order: Order,
  answer: Exclude<EntryAnswer, { readonly status: 'unknown' }>,
): RecordFields | null | undefined {
  const fields = entryAnswerCodec.decode(answer.answer);
  const signed = context.orderKeys.some(
    ({ keyId, point }) => keyId.authority === Authority.order && verifyEntryAnswer(fields, answer.signature, point),
  );
  const about =
    fields.scheme === context.scheme &&
    equalBytes(fields.terminalId, context.terminalId) &&
    equalBytes(fields.cardId, order.cardId) &&
    fields.tn === order.tn &&
    fields.ntSeen === order.ntSeen;
  if (!signed || !about) return undefined;
  if (fields.outcome === Outcome.void) return answer.status === 'void' ? null : undefined;
  if (fields.outcome !== Outcome.sold || answer.status !== 'executed') return undefined;
  const record = recordCodec.decode(fields.record);
  return isRecordOf(context, order, record) ? record : undefined;
}

function fixedFields(
  context: PosContext,
  order: AnyOrder,
): Omit<RecordFields, 'balance' | 'points' | 'pointsBalance' | 'flags' | 'parametersVersion'> {
  return {
    type: recordTypeOf(order),
    nt: order.ntSeen + 1,
    tn: order.tn,
    terminalId: context.terminalId,
    acquirerId: context.acquirerId,
    merchantId: context.merchantId,
    slot: order.slot,
    unit: order.amount.unit.code,
    amount: moneyToWire(order.amount),
    time: order.time,
    ref: order.cancels?.nt ?? 0,
  };
}

function recordTypeOf(order: AnyOrder): RecordType {
  return order.kind === 'debit' ? RecordType.purchase : RecordType.cancel;
}
