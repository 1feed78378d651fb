/** Which cards are on the hot list, why, and until when. A block order is made in advance, with the entry. */
import { sql } from 'kysely';
import { toHex, fromHex } from '../../protocol/codec/bytes.js';
import { verifyNative } from '../../protocol/crypto/native.js';
import { OrderType } from '../../protocol/generated/enums.js';
import { blockStatementCodec, orderBlockCodec } from '../../protocol/generated/structures.js';
import { verifyBlockStatement } from '../../protocol/signed/block-statement.js';
import { signOrder } from '../../protocol/signed/order.js';
import type { Db, Tx } from '../store/database.js';
import { recordAudit } from './audit.js';
import type { Actor, AuditEntry } from './audit.js';
import { orderKey } from './card-keys.js';
import { listedCount } from './hot-list.js';
import { stockFollows } from './stock-state.js';
import type { Issuer } from './context.js';
import { reading, rejected, unknownCard } from './context.js';

export type ListingReason = 'operator' | 'lost' | 'fault';

/**
 * Lists a card under its next block number. A card that is listed for a graver reason than before gets a further entry.
 *
 * @throws IssuerError rejected where an operator's entry would find no room; lost and broken cards push operators' entries out
 */
export async function listCard(
  issuer: Issuer,
  tx: Tx,
  cardId: string,
  reason: ListingReason,
  note: string,
): Promise<number> {
  if (reason === 'operator') await needsRoom(issuer, tx);
  const card = await tx
    .updateTable('card')
    .set((row) => ({ block_number: row('block_number', '+', 1n) }))
    .where('card_id', '=', cardId)
    .returning(['block_number', 'order_version'])
    .executeTakeFirst();
  if (card === undefined) throw unknownCard(cardId);
  const blockNumber = Number(card.block_number);
  const body = orderBlockCodec.encode({ blockNumber });
  const order = { scheme: issuer.scheme.id, cardId: fromHex(cardId), type: OrderType.block, body };
  const now = issuer.clock();
  const { signer, keyIndex } = orderKey(issuer, card);
  await tx
    .insertInto('card_order')
    .values({
      card_id: cardId,
      type: OrderType.block,
      number: blockNumber,
      body,
      signature: signOrder(order, signer),
      key_index: keyIndex,
      issued_at: now,
      reason: note,
    })
    .execute();
  await tx
    .insertInto('listing')
    .values({ card_id: cardId, block_number: blockNumber, reason, note, listed_at: now })
    .execute();
  return blockNumber;
}

async function needsRoom(issuer: Issuer, tx: Tx): Promise<void> {
  const { listLongest } = issuer.policy;
  if ((await listedCount(issuer, tx)) >= listLongest)
    throw rejected(
      `The hot list is full: it holds ${listLongest} cards. Nothing was listed; release cards that need not stand on it.`,
    );
}

/** Not released by an operator: such a card gets no load and no unblock order, whether its entry has left the list or not. */
export async function isListed(db: Db, cardId: string): Promise<boolean> {
  const row = await db
    .selectFrom('listing')
    .select('block_number')
    .where('card_id', '=', cardId)
    .where('released_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * First second in which a terminal whose list is never older than the policy allows must refuse the card.
 *
 * @returns by card id; cards on no list are missing
 */
export async function refusedFrom(
  { policy }: Issuer,
  db: Db,
  cardIds: readonly string[],
): Promise<Map<string, number>> {
  if (cardIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('listing')
    .innerJoin('hot_list', 'hot_list.version', 'listing.since_version')
    .select(['listing.card_id', 'hot_list.issued_at'])
    .where('listing.card_id', '=', sql<string>`any(${[...cardIds]})`)
    .where('listing.released_at', 'is', null)
    .orderBy('hot_list.issued_at', 'desc')
    .execute();
  // the first list that had the card comes last, and stays
  return new Map(rows.map(({ card_id, issued_at }) => [card_id, Number(issued_at) + policy.listAge]));
}

/**
 * A terminal carried the block order and the card signed for it. The entry of a card that an operator blocked leaves the list; a
 * lost or broken one stays, for whoever has its keys can sign this too.
 *
 * @throws IssuerError unknown-card, rejected
 */
export async function blockTaken(
  issuer: Issuer,
  proof: { cardId: Uint8Array; statement: Uint8Array; signature: Uint8Array },
): Promise<void> {
  const cardId = toHex(proof.cardId);
  const statement = reading('block statement', () => blockStatementCodec.decode(proof.statement));
  await issuer.store.transaction(async (tx) => {
    const card = await tx.selectFrom('card').selectAll().where('card_id', '=', cardId).forUpdate().executeTakeFirst();
    if (card === undefined) throw unknownCard(cardId);
    const fields = { scheme: issuer.scheme.id, cardId: proof.cardId, keyVersion: card.key_version, statement };
    if (!verifyBlockStatement(fields, proof.signature, new Uint8Array(card.sign_point), verifyNative))
      throw rejected(`The block statement is not signed by the card ${cardId}.`);
    await tx
      .updateTable('listing')
      .set({ taken_at: issuer.clock(), taken_statement: proof.statement })
      .where('card_id', '=', cardId)
      .where('block_number', '<=', BigInt(statement.blockNumber))
      .where('taken_at', 'is', null)
      .execute();
  });
}

/** Operator: put a card on the list. @throws IssuerError unknown-card */
export async function block(issuer: Issuer, cardId: string, note: string, actor: Actor = commandLine): Promise<number> {
  return issuer.store.transaction(async (tx) => {
    const known = await tx
      .selectFrom('listing')
      .select('block_number')
      .where('card_id', '=', cardId)
      .where('released_at', 'is', null)
      .orderBy('block_number', 'desc')
      .executeTakeFirst();
    if (known !== undefined) return Number(known.block_number);
    const blockNumber = await listCard(issuer, tx, cardId, 'operator', note);
    await audited(issuer, tx, actor, 'card-blocked', cardId, { blockNumber, note });
    return blockNumber;
  });
}

/**
 * Operator: release a card he blocked; the desk may then unblock it. What a card proved against itself, and a lost card, stay.
 *
 * @returns false where nothing was listed
 * @throws IssuerError unknown-card, rejected
 */
export async function release(issuer: Issuer, cardId: string, actor: Actor = commandLine, note = ''): Promise<boolean> {
  return issuer.store.transaction(async (tx) => {
    const card = await tx.selectFrom('card').select('card_id').where('card_id', '=', cardId).executeTakeFirst();
    if (card === undefined) throw unknownCard(cardId);
    const listings = await tx
      .selectFrom('listing')
      .select('reason')
      .where('card_id', '=', cardId)
      .where('released_at', 'is', null)
      .execute();
    if (listings.some(({ reason }) => reason === 'fault'))
      throw rejected(`The card ${cardId} contradicted itself: its keys are not to be trusted, it stays listed.`);
    if (listings.some(({ reason }) => reason === 'lost'))
      throw rejected(`The card ${cardId} was replaced: it stays listed.`);
    await tx
      .updateTable('listing')
      .set({ released_at: issuer.clock() })
      .where('card_id', '=', cardId)
      .where('released_at', 'is', null)
      .execute();
    if (listings.length > 0) await audited(issuer, tx, actor, 'card-released', cardId, { note });
    return listings.length > 0;
  });
}

/** Whoever runs the machine. */
const commandLine: Actor = { kind: 'system', name: 'command line' };

async function audited(
  issuer: Issuer,
  tx: Tx,
  actor: Actor,
  action: string,
  cardId: string,
  detail: AuditEntry['detail'],
): Promise<void> {
  await recordAudit(tx, { at: issuer.clock(), actor, action, subject: `card/${cardId}`, detail });
}

/** The card is gone and another takes its place. @throws IssuerError unknown-card, rejected */
export async function markLost(
  issuer: Issuer,
  tx: Tx,
  lostCard: string,
  newCard: string,
  holder: string,
): Promise<void> {
  const card = await tx.selectFrom('card').selectAll().where('card_id', '=', lostCard).forUpdate().executeTakeFirst();
  if (card === undefined) throw unknownCard(lostCard);
  if (card.holder_id !== holder) throw rejected(`The card ${lostCard} belongs to somebody else.`);
  if (card.state !== 'active' && card.state !== 'issued')
    throw rejected(
      card.replaced_by === null
        ? `The card ${lostCard} is ${card.state}: it cannot be replaced.`
        : `The card ${lostCard} is replaced already, by ${card.replaced_by}.`,
    );
  await tx
    .updateTable('card')
    .set({ state: 'lost', replaced_by: newCard, ended_at: issuer.clock() })
    .where('card_id', '=', lostCard)
    .execute();
  await stockFollows(issuer, tx, lostCard, 'lost');
  await listCard(issuer, tx, lostCard, 'lost', `replaced by ${newCard}`);
}
