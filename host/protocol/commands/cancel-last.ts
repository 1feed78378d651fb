/** CANCEL LAST: undoes the last purchase of this terminal, whole, once; full sessions only. A journal entry of its own comes first. */
import { moneyToWire } from '../codec/money.js';
import type { Money } from '../codec/money.js';
import type { Seconds } from '../codec/time.js';
import { commands } from '../generated/commands.js';
import type { CancelLastResponse } from '../generated/messages.js';
import type { PurseSession } from '../session/session.js';
import { signCancelOrder } from '../signed/cancel-order.js';
import type { CancelOrderFields } from '../signed/cancel-order.js';
import { exchange } from './exchange.js';

export interface CancelRequest {
  readonly slot: number;
  /** Of the purchase, whole. */
  readonly amount: Money;
  readonly cancelledNt: number;
  readonly cancelledTn: number;
  /** The cancel's own transaction number. */
  readonly tn: number;
  readonly time: Seconds;
}

export type CancelAnswer = CancelLastResponse;

/** What the terminal signs for a cancel; the batch carries the signature too. */
export function cancelOrderOf(
  session: PurseSession,
  { slot, amount, cancelledNt, cancelledTn, tn }: CancelRequest,
): CancelOrderFields {
  const { scheme, card, identity } = session;
  const { terminalId } = identity.certificate;
  return {
    scheme: scheme.id,
    cardId: card.cardId,
    terminalId,
    cancelledNt,
    cancelledTn,
    tn,
    slot,
    amount: moneyToWire(amount),
  };
}

/**
 * @param signature over `cancelOrderOf`, where the caller kept one; made here otherwise
 * @throws as `debit`
 */
export async function cancelLast(
  session: PurseSession,
  request: CancelRequest,
  signature?: Uint8Array,
): Promise<CancelAnswer> {
  const { slot, amount, cancelledNt, cancelledTn, tn, time } = request;
  const signed = signature ?? signCancelOrder(cancelOrderOf(session, request), session.identity.signer);
  const fields = { slot, amount: moneyToWire(amount), cancelledNt, cancelledTn, tn, time, signature: signed };
  return exchange(session, commands.CANCEL_LAST, fields);
}
