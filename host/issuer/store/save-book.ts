/** Writes what {@link Book}s have changed: transfers, records, claims, payouts, loads, balances, findings. */
import { equalBytes } from '../../protocol/codec/bytes.js';
import { postNews } from './ledger.js';
import { nextHash } from './books.js';
import type { OpenBook } from './books.js';
import { copyInto } from './copy.js';
import type { CopyValue } from './copy.js';
import type { Tx } from './database.js';
import type { Head } from './ledger-heads.js';
import type { HashedBook, KeptBook } from './kept-books.js';
import { saveCards } from './save-cards.js';
import { newClaim, newRecords } from './save-rows.js';
import type { BookRecord } from '../domain/book.js';

/** All of them with a few statements; their cards are locked. */
export async function saveBooks(tx: Tx, kept: readonly KeptBook[], now: number): Promise<void> {
  const books = kept.map((one): HashedBook => ({ ...one, hashes: placedHashes(one) }));
  const heads = headsOf(kept);
  await postNews(
    tx,
    kept.flatMap(({ open }) => open.book.events),
    heads,
    now,
  );
  await newRecords(tx, books, now);
  await saveChanged(tx, books, now);
  await saveProofs(tx, books);
  await savePayouts(tx, books, now);
  for (const { open } of books) await saveLoads(tx, open, now);
  await saveCards(tx, books, heads);
  await saveFindings(
    tx,
    kept.flatMap(({ open }) => open.book.findings),
    now,
  );
}

/** All events of a book are its card's. */
function headsOf(kept: readonly KeptBook[]): Map<string, Head> {
  return new Map(
    kept.map(({ open: { card } }) => {
      const from = Number(card.seq);
      return [card.card_id, { seq: from, hash: card.hash, from }];
    }),
  );
}

/** Running hashes of the records placed now, as long as they follow each other. */
function placedHashes({ open, offered }: KeptBook): Map<number, Uint8Array> {
  const hashes = new Map<number, Uint8Array>();
  let hash = open.card.running_hash;
  for (let nt = Number(open.card.nt) + 1; nt <= open.book.nt; nt++) {
    const content = offered.get(nt)?.content ?? open.rows.get(nt)?.content;
    if (content === undefined) break;
    hash = nextHash(hash, content);
    hashes.set(nt, hash);
  }
  return hashes;
}

/** Records that were there and have been placed, claimed or undone. */
async function saveChanged(tx: Tx, books: readonly HashedBook[], now: number): Promise<void> {
  for (const { open, hashes } of books) {
    for (const nt of open.book.touched) {
      const row = open.rows.get(nt);
      const record = open.book.records.get(nt);
      if (row === undefined || record === undefined) continue;
      await tx
        .updateTable('record')
        .set({
          ...stateOf(record),
          ...newClaim(record, row.clearing, now),
          running_hash: hashes.get(nt) ?? row.running_hash,
        })
        .where('card_id', '=', open.book.cardId)
        .where('nt', '=', BigInt(nt))
        .execute();
    }
  }
}

function stateOf({ placement, clearing }: BookRecord): Pick<BookRecord, 'placement' | 'clearing'> {
  return { placement, clearing };
}

/** A record that came with the log alone may be proved later: the S3 is kept for whoever asks about the record. */
async function saveProofs(tx: Tx, books: readonly KeptBook[]): Promise<void> {
  for (const { open, offered } of books) {
    for (const [nt, { content, s3 }] of offered) {
      const row = open.rows.get(nt);
      if (row === undefined || row.s3 !== null || s3.length === 0) continue;
      if (!equalBytes(new Uint8Array(row.content), content)) continue;
      await tx
        .updateTable('record')
        .set({ s3, repeats: open.repeats.has(s3) })
        .where('card_id', '=', open.book.cardId)
        .where('nt', '=', BigInt(nt))
        .execute();
    }
  }
}

/** What holders are owed one by one: unloads, and purchases that nobody may claim. */
async function savePayouts(tx: Tx, books: readonly KeptBook[], now: number): Promise<void> {
  const payouts: CopyValue[][] = [];
  for (const {
    open: { book },
  } of books) {
    for (const event of book.events) {
      if (event.kind === 'record-booked' && event.movement.kind === 'unload') {
        const ref = book.records.get(event.nt)?.facts.ref ?? 0;
        payouts.push(payoutRow(book.cardId, 'unload', ref, event.movement.money, now));
      } else if (event.kind === 'purchase-forfeited' && event.to === 'holdersPayable')
        payouts.push(payoutRow(book.cardId, 'holder', event.nt, event.money, now));
    }
  }
  await copyInto(tx, 'payout', payoutColumns, payouts);
}

const payoutColumns = {
  card_id: 'text',
  kind: 'text',
  ref: 'int8',
  unit: 'int4',
  amount: 'int8',
  due_at: 'int8',
} as const;

function payoutRow(
  cardId: string,
  kind: 'unload' | 'holder',
  ref: number,
  money: { amount: bigint; unit: { code: number } },
  now: number,
): CopyValue[] {
  return [cardId, kind, ref, money.unit.code, money.amount, now];
}

async function saveLoads(tx: Tx, { book }: OpenBook, now: number): Promise<void> {
  for (const counter of book.touchedLoads) {
    const record = [...book.records.values()].find(
      ({ facts }) => facts.ref === counter && (facts.kind === 'load' || facts.kind === 'unload'),
    );
    await tx
      .updateTable('load')
      .set({ state: 'credited', credit_nt: record?.facts.nt ?? null, decided_at: now })
      .where('card_id', '=', book.cardId)
      .where('counter', '=', BigInt(counter))
      .execute();
  }
}

export async function saveFindings(tx: Tx, findings: OpenBook['book']['findings'], now: number): Promise<void> {
  if (findings.length === 0) return;
  await tx
    .insertInto('finding')
    .values(findings.map((finding) => ({ ...finding, found_at: now })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
