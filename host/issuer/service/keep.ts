/** Books in and out: what every service does with a card's book around its own work. */
import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { CardFault } from '../domain/findings.js';
import { openBook } from '../store/books.js';
import type { CardRow, OpenBook, Wanted } from '../store/books.js';
import { arrayOf, copyInto, hex } from '../store/copy.js';
import type { CopyValue } from '../store/copy.js';
import type { Tx } from '../store/database.js';
import { saveBooks } from '../store/save-book.js';
import type { KeptBook, Offered } from '../store/save-book.js';
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
export function keepBook(
  issuer: Issuer,
  tx: Tx,
  open: OpenBook,
  offered: ReadonlyMap<number, Offered> = new Map(),
): Promise<void> {
  return keepBooks(issuer, tx, [{ open, offered }]);
}

export async function keepBooks(issuer: Issuer, tx: Tx, kept: readonly KeptBook[]): Promise<void> {
  await saveBooks(tx, kept, issuer.clock());
  for (const { open } of kept) {
    const { fault } = open.book;
    if (fault !== undefined && open.card.fault === null) await listCard(issuer, tx, open.card.card_id, 'fault', fault);
  }
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

/** Signatures of the card of one book. */
export interface SeenOfBook {
  readonly open: OpenBook;
  readonly seen: readonly SeenSignature[];
}

/**
 * Remembers the random number r of each signature. One r under two messages gives the private key away: the book breaks.
 */
export function noteSignatures(tx: Tx, open: OpenBook, seen: readonly SeenSignature[]): Promise<void> {
  return noteAllSignatures(tx, [{ open, seen }]);
}

export async function noteAllSignatures(tx: Tx, books: readonly SeenOfBook[]): Promise<void> {
  const noted = books.flatMap(({ open, seen }) =>
    seen.map(({ signature, message }) => {
      const { book } = open;
      const r = hex(randomNumber(signature));
      return { cardId: book.cardId, r, messageHash: hash('sha256', message), book, key: `${book.cardId} ${r}` };
    }),
  );
  if (noted.length === 0) return;
  const known = await knownSignatures(tx, noted);
  const fresh = new Map<string, CopyValue[]>();
  for (const { cardId, r, messageHash, book, key } of noted) {
    const before = known.get(key);
    if (before === undefined) {
      known.set(key, messageHash);
      fresh.set(key, [cardId, `\\x${r}`, `\\x${messageHash}`]);
    } else if (before !== messageHash)
      book.breakWith('signature-repeated', 'Two messages are signed with one random number.');
  }
  await copyInto(tx, 'signature_seen', ['card_id', 'r', 'message_hash'], [...fresh.values()]);
}

/** Message hashes in hexadecimal, by card and r. */
async function knownSignatures(
  tx: Tx,
  noted: readonly { readonly cardId: string; readonly r: string }[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ key: string; message_hash: string }>`
    select asked.card_id || ' ' || encode(asked.r, 'hex') as key, encode(found.message_hash, 'hex') as message_hash
      from unnest(${arrayOf(noted.map(({ cardId }) => cardId))}::text[],
                  ${arrayOf(noted.map(({ r }) => `"\\\\x${r}"`))}::bytea[]) as asked (card_id, r),
           lateral (select message_hash from signature_seen s
                     where s.card_id = asked.card_id and s.r = asked.r offset 0) as found`.execute(tx);
  return new Map(rows.map(({ key, message_hash }) => [key, message_hash]));
}

/** r, in place, of a DER ECDSA signature that verified: 30 len 02 len r … */
function randomNumber(signature: Uint8Array): Uint8Array {
  return signature.subarray(4, 4 + (signature[3] ?? 0));
}
