/** Books in and out: what every service does with a card's book around its own work. */
import type { CardFault } from '../domain/findings.js';
import { openBook } from '../store/books.js';
import type { CardBook, OpenBook, Wanted } from '../store/books.js';
import { lockCards } from '../store/card-rows.js';
import type { CardRow } from '../store/card-rows.js';
import type { Tx } from '../store/database.js';
import { saveBooks } from '../store/save-book.js';
import type { KeptBook, Offered } from '../store/kept-books.js';
import { unknownCard } from './context.js';
import type { Issuer } from './context.js';
import { listCard } from './listing.js';

/** A card's row under a lock. @throws IssuerError unknown-card */
export async function lockedCard(tx: Tx, cardId: string): Promise<CardRow> {
  const [card] = await lockCards(tx, [cardId]);
  if (card === undefined) throw unknownCard(cardId);
  return card;
}

/** @throws IssuerError unknown-card */
export async function cardBook(tx: Tx, cardId: string, wanted: Wanted = {}): Promise<CardBook> {
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
