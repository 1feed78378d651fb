/** Does what a card signed hold? Pure checks that all flows share. */
import { equalBytes } from '../../protocol/codec/bytes.js';
import { OrderType } from '../../protocol/generated/enums.js';
import type { StatementPurpose } from '../../protocol/generated/enums.js';
import { orderBlockCodec } from '../../protocol/generated/structures.js';
import type { HotListEntryFields } from '../../protocol/generated/structures.js';
import type { SignedOrder } from '../../protocol/issuer/port.js';
import { verifyBlockStatement } from '../../protocol/signed/block-statement.js';
import { verifyRecord } from '../../protocol/signed/signed-record.js';
import { verifyStatement } from '../../protocol/signed/signed-statement.js';
import type { ClaimedBlock, ClaimedRecord, ClaimedStatement, KnownCard } from './card.js';

/** S3 over a record. */
export function recordHolds(scheme: number, card: KnownCard, { record, s3 }: ClaimedRecord): boolean {
  return verifyRecord({ scheme, cardId: card.cardId, keyVersion: card.keyVersion, record }, s3, card.signPoint);
}

/** The card's signature over a statement made for this purpose. */
export function statementHolds(
  scheme: number,
  card: KnownCard,
  purpose: StatementPurpose,
  claimed: ClaimedStatement,
): boolean {
  const { statement, signature } = claimed;
  const message = { scheme, cardId: card.cardId, keyVersion: card.keyVersion, statement };
  return statement.purpose === purpose && verifyStatement(message, signature, card.signPoint);
}

/** The block order of a hot list entry. */
export function blockOrder({ blockNumber, signature }: HotListEntryFields): SignedOrder {
  return { type: OrderType.block, keyIndex: 0, body: orderBlockCodec.encode({ blockNumber }), signature };
}

/** The card's word that it took a block order. */
export function blockHolds(scheme: number, card: KnownCard, { statement, signature }: ClaimedBlock): boolean {
  const message = { scheme, cardId: card.cardId, keyVersion: card.keyVersion, statement };
  return verifyBlockStatement(message, signature, card.signPoint);
}

/** A card's entry on a list, if it is on it. */
export function entryOf(entries: readonly HotListEntryFields[], cardId: Uint8Array): HotListEntryFields | undefined {
  return entries.find((entry) => equalBytes(entry.cardId, cardId));
}
