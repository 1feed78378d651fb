/**
 * The orders by which terminals undid their sales. A cancel counts against the merchant only with his own signature, so a log
 * whose cancels come without valid orders is refused whole: neither a kiosk nor an extracted card key can take a sale away.
 */
import { fromHex } from '../../protocol/codec/bytes.js';
import { moneyToWire } from '../../protocol/codec/money.js';
import { verifyNative } from '../../protocol/crypto/native.js';
import { keptCancelOrderCodec } from '../../protocol/generated/structures.js';
import type { CancelOrderFields, KeptCancelOrderFields } from '../../protocol/generated/structures.js';
import { verifyCancelOrder } from '../../protocol/signed/cancel-order.js';
import type { RecordFacts } from '../domain/records.js';
import type { OpenBook } from '../store/books.js';
import type { Tx } from '../store/database.js';
import { reading, rejected } from './context.js';
import type { Issuer } from './context.js';
import { knownTerminal } from './terminals.js';

/** @param kept structures `keptCancelOrder` @throws IssuerError rejected, unknown-terminal */
export async function takeCancelOrders(
  issuer: Issuer,
  tx: Tx,
  { book }: OpenBook,
  facts: readonly RecordFacts[],
  kept: readonly Uint8Array[],
): Promise<void> {
  const cancels = facts.filter(({ kind, nt }) => kind === 'cancel' && !book.records.has(nt));
  if (cancels.length === 0) return;
  const orders = kept.map((bytes, i) => reading(`cancel order ${i + 1}`, () => keptCancelOrderCodec.decode(bytes)));
  for (const cancel of cancels) {
    const order = orders.find(({ cancelledNt, tn }) => cancelledNt === cancel.ref && tn === cancel.tn);
    if (order === undefined) throw rejected(`The order for the cancel ${cancel.nt} is missing from the log.`);
    await checkOrder(issuer, tx, book.cardId, cancel, order);
    await storeCancelOrder(tx, book.cardId, cancel, order);
  }
}

async function checkOrder(
  issuer: Issuer,
  tx: Tx,
  cardId: string,
  cancel: RecordFacts,
  order: KeptCancelOrderFields,
): Promise<void> {
  const terminal = await knownTerminal(tx, cancel.terminalId);
  const fields = cancelOrderFields(issuer, cardId, cancel, order.cancelledTn);
  if (!verifyCancelOrder(fields, order.signature, new Uint8Array(terminal.point), verifyNative))
    throw rejected(`The order for the cancel ${cancel.nt} is not signed by the terminal ${cancel.terminalId}.`);
}

/** What the terminal signed, rebuilt from the cancel's record. */
export function cancelOrderFields(
  { scheme }: Issuer,
  cardId: string,
  cancel: RecordFacts,
  cancelledTn: number,
): CancelOrderFields {
  return {
    scheme: scheme.id,
    cardId: fromHex(cardId),
    terminalId: fromHex(cancel.terminalId),
    cancelledNt: cancel.ref,
    cancelledTn,
    tn: cancel.tn,
    slot: cancel.slot,
    amount: moneyToWire(cancel.money),
  };
}

export async function storeCancelOrder(
  tx: Tx,
  cardId: string,
  cancel: RecordFacts,
  { cancelledTn, signature }: Pick<KeptCancelOrderFields, 'cancelledTn' | 'signature'>,
): Promise<void> {
  await tx
    .insertInto('cancel_order')
    .values({
      card_id: cardId,
      cancelled_nt: cancel.ref,
      terminal_id: cancel.terminalId,
      cancelled_tn: cancelledTn,
      tn: cancel.tn,
      slot: cancel.slot,
      amount: cancel.money.amount,
      signature,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
