/** Books in and out: what every service does with a card's book around its own work. */
import { createHash } from 'node:crypto';
import { equalBytes } from '../../protocol/codec/bytes.js';
import type { CardFault } from '../domain/findings.js';
import { openBook } from '../store/books.js';
import type { CardRow, OpenBook, Wanted } from '../store/books.js';
import type { Tx } from '../store/database.js';
import { saveBook } from '../store/save-book.js';
import type { Offered } from '../store/save-book.js';
import { unknownCard } from './context.js';
import type { Issuer } from './context.js';
import { listCard } from './listing.js';

/** A card's row under a lock. @throws IssuerError unknown-card */
export async function lockedCard(tx: Tx, cardId: string): Promise<CardRow> {
  const card = await tx.selectFrom('card').selectAll().where('card_id', '=', cardId).forUpdate().executeTakeFirst();
  if (card === undefined) throw unknownCard(cardId);
  return card;
}

/** @throws IssuerError unknown-card */
export async function cardBook(tx: Tx, cardId: string, wanted: Wanted = {}): Promise<OpenBook> {
  const open = await openBook(tx, cardId, wanted);
  if (open === undefined) throw unknownCard(cardId);
  return open;
}

/** Writes the book back; a card that has broken it goes on the hot list in the same transaction. */
export async function keepBook(
  issuer: Issuer,
  tx: Tx,
  open: OpenBook,
  offered: ReadonlyMap<number, Offered> = new Map(),
): Promise<void> {
  await saveBook(tx, open, offered, issuer.clock());
  const { fault } = open.book;
  if (fault !== undefined && open.card.fault === null) await listCard(issuer, tx, open.card.card_id, 'fault', fault);
}

/** The card contradicted itself in something that is no record. */
export async function breakCard(
  issuer: Issuer,
  tx: Tx,
  cardId: string,
  fault: CardFault,
  detail: string,
): Promise<void> {
  const open = await cardBook(tx, cardId);
  open.book.breakWith(fault, detail);
  await keepBook(issuer, tx, open);
}

/** A signature that verified, and what it is over. */
export interface SeenSignature {
  /** DER. */
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
}

/**
 * Remembers the random number r of each signature. One r under two messages gives the private key away: the book breaks.
 */
export async function noteSignatures(tx: Tx, { book }: OpenBook, seen: readonly SeenSignature[]): Promise<void> {
  const rows = new Map(
    seen.map(({ signature, message }) => {
      const row = { card_id: book.cardId, r: randomNumber(signature), message_hash: hashOf(message) };
      return [Buffer.from(row.r).toString('hex'), row] as const;
    }),
  );
  if (rows.size === 0) return;
  await tx
    .insertInto('signature_seen')
    .values([...rows.values()])
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const known = await tx
    .selectFrom('signature_seen')
    .select(['r', 'message_hash'])
    .where('card_id', '=', book.cardId)
    .where(
      'r',
      'in',
      [...rows.values()].map(({ r }) => r),
    )
    .execute();
  const hashes = new Map(known.map(({ r, message_hash }) => [Buffer.from(r).toString('hex'), message_hash]));
  for (const { signature, message } of seen) {
    const hash = hashes.get(Buffer.from(randomNumber(signature)).toString('hex'));
    if (hash === undefined || equalBytes(new Uint8Array(hash), hashOf(message))) continue;
    book.breakWith('signature-repeated', 'Two messages are signed with one random number.');
  }
}

/** r of a DER ECDSA signature that verified: 30 len 02 len r … */
function randomNumber(signature: Uint8Array): Uint8Array {
  return signature.slice(4, 4 + (signature[3] ?? 0));
}

function hashOf(message: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(message).digest());
}
