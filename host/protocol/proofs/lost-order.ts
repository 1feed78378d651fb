/**
 * What became of an order whose answer never came, as far as the card's next S1 tells. An order dies with its session, so an
 * unchanged NT means it was never carried out.
 */
import type { OpeningAnswer } from '../session/opening-answer.js';
import type { RecordFields } from '../generated/structures.js';
import type { RecordType } from '../generated/enums.js';
import { equalBytes } from '../codec/bytes.js';

/** A debit or cancel order as the journal has it. */
export interface OpenOrder {
  readonly type: typeof RecordType.purchase | typeof RecordType.cancel;
  readonly cardId: Uint8Array;
  readonly tn: number;
  readonly slot: number;
  /** Minor units. */
  readonly amount: bigint;
  /** NT the card showed when the order was sent. */
  readonly ntSeen: number;
}

export type LostOrderVerdict =
  /** Not carried out, and never will be. */
  | 'void'
  /** Carried out, the card says: GET PROOF for NT seen + 1, and check it with {@link isRecordOf}. */
  | 'executed'
  /** The card cannot say any more: the issuer can. */
  | 'ask-issuer';

/** @param s1 MACed opening answer of that very card */
export function judgeLostOrder(s1: OpeningAnswer, order: OpenOrder): LostOrderVerdict {
  if (!equalBytes(s1.cardId, order.cardId)) throw new RangeError('the order was for another card');
  if (s1.nt === order.ntSeen) return 'void';
  const { newest } = s1;
  if (!newest || newest.nt !== order.ntSeen + 1) return 'ask-issuer';
  const same =
    newest.type === order.type &&
    newest.tn === order.tn &&
    newest.slot === order.slot &&
    newest.amount === order.amount;
  return same ? 'executed' : 'ask-issuer';
}

/** Is this, once proved, the record of that order? */
export function isRecordOf(
  record: RecordFields,
  order: OpenOrder,
  terminal: { terminalId: Uint8Array },
  unit: number,
): boolean {
  return (
    record.type === order.type &&
    record.nt === order.ntSeen + 1 &&
    record.tn === order.tn &&
    equalBytes(record.terminalId, terminal.terminalId) &&
    record.slot === order.slot &&
    record.unit === unit &&
    BigInt(record.amount) === order.amount
  );
}
