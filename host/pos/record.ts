/** The record a POS expects of its order, and the proof that it got it (M2, M11). */
import { equalBytes } from '../protocol/codec/bytes.js';
import { MoneyError, moneyToWire } from '../protocol/codec/money.js';
import { Authority, Outcome, RecordType } from '../protocol/generated/enums.js';
import { entryAnswerCodec, recordCodec } from '../protocol/generated/structures.js';
import type { RecordFields } from '../protocol/generated/structures.js';
import type { OpeningAnswer } from '../protocol/session/opening-answer.js';
import type { EntryAnswer } from '../protocol/issuer/port.js';
import { judgeLostOrder } from '../protocol/proofs/lost-order.js';
import type { LostOrderVerdict } from '../protocol/proofs/lost-order.js';
import { cancelRecord, purchaseRecord } from '../protocol/proofs/order.js';
import { verifyEntryAnswer } from '../protocol/signed/entry-answer.js';
import { recordHolds } from '../terminal/flow/claims.js';
import type { DebitAnswer } from '../protocol/commands/debit.js';
import type { ClaimedRecord, KnownCard } from '../terminal/flow/card.js';
import type { Order } from '../terminal/journal/state.js';
import type { PlacedOrder, PosContext } from './types.js';

type AnyOrder = PlacedOrder | Order;
type OrderRecordType = typeof RecordType.purchase | typeof RecordType.cancel;

/** The record as it must read if the card did what it was told; undefined where no balance fits. */
export function rebuiltRecord(
  { terminal }: PosContext,
  order: PlacedOrder,
  s1: OpeningAnswer,
  answer: DebitAnswer,
): RecordFields | undefined {
  const { slot, amount, tn, time, cancels } = order;
  const seen = { nt: order.ntSeen, balance: s1.balance.amount };
  try {
    if (cancels === undefined) return purchaseRecord(terminal, { slot, amount, tn, time }, seen, answer);
    const request = { slot, amount, tn, time, cancelledNt: cancels.nt, cancelledTn: cancels.tn };
    return cancelRecord(terminal, request, seen, answer);
  } catch (error) {
    if (error instanceof MoneyError) return undefined;
    throw error;
  }
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

/** What the card's next S1 tells about an order whose answer never came. */
export function verdictOn(order: Order, s1: OpeningAnswer): LostOrderVerdict {
  const { cardId, tn, slot, amount, ntSeen } = order;
  return judgeLostOrder(s1, { type: recordTypeOf(order), cardId, tn, slot, amount: amount.amount, ntSeen });
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
    equalBytes(fields.terminalId, context.terminal.terminalId) &&
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
    terminalId: context.terminal.terminalId,
    acquirerId: context.terminal.acquirerId,
    merchantId: context.terminal.merchantId,
    slot: order.slot,
    unit: order.amount.unit.code,
    amount: moneyToWire(order.amount),
    time: order.time,
    ref: order.cancels?.nt ?? 0,
  };
}

function recordTypeOf(order: AnyOrder): OrderRecordType {
  return order.kind === 'debit' ? RecordType.purchase : RecordType.cancel;
}
