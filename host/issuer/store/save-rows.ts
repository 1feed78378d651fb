/** New rows of books: a record each, and the claims that follow from what became of purchases in this round. */
import type { BookRecord } from '../domain/book.js';
import { copyInto } from './copy.js';
import type { CopyValue } from './copy.js';
import type { Tx } from './database.js';
import type { HashedBook } from './save-book.js';

const recordColumns = {
  card_id: 'text',
  nt: 'int8',
  kind: 'text',
  tn: 'int8',
  terminal_id: 'text',
  merchant: 'text',
  slot: 'int2',
  unit: 'int4',
  amount: 'int8',
  points: 'int8',
  points_unit: 'int4',
  points_slot: 'int2',
  time: 'int8',
  content: 'bytea',
  s3: 'bytea',
  placement: 'text',
  clearing: 'text',
  running_hash: 'bytea',
  seen_at: 'int8',
} as const;

export async function newRecords(tx: Tx, books: readonly HashedBook[], now: number): Promise<void> {
  const rows: CopyValue[][] = [];
  for (const one of books) {
    const { book, rows: known } = one.open;
    for (const nt of book.touched) {
      const record = book.records.get(nt);
      if (record !== undefined && !known.has(nt)) rows.push(recordRow(one, record, now));
    }
  }
  await copyInto(tx, 'record', recordColumns, rows);
}

function recordRow({ open: { book }, offered, hashes }: HashedBook, record: BookRecord, now: number): CopyValue[] {
  const { facts, placement, clearing } = record;
  const came = offered.get(facts.nt);
  if (came === undefined) throw new Error(`record ${facts.nt} of ${book.cardId} has no content`);
  return [
    book.cardId,
    facts.nt,
    facts.kind,
    facts.tn,
    facts.terminalId,
    facts.merchant,
    facts.slot,
    facts.money.unit.code,
    facts.money.amount,
    facts.points.amount,
    facts.points.unit.code,
    facts.pointsSlot,
    facts.time,
    came.content,
    came.s3.length === 0 ? null : came.s3,
    placement,
    clearing,
    hashes.get(facts.nt) ?? null,
    now,
  ];
}

const claimColumns = {
  card_id: 'text',
  nt: 'int8',
  kind: 'text',
  merchant: 'text',
  unit: 'int4',
  amount: 'int8',
  terminal_id: 'text',
  tn: 'int8',
  accepted_at: 'int8',
} as const;

export async function newClaims(tx: Tx, books: readonly HashedBook[], now: number): Promise<void> {
  const rows: CopyValue[][] = [];
  for (const { open } of books) {
    const { book, rows: known } = open;
    for (const nt of book.touched) {
      const record = book.records.get(nt);
      if (record === undefined) continue;
      const before = known.get(nt)?.clearing;
      if (isClaimed(record.clearing) && !isClaimed(before)) rows.push(claimRow(book.cardId, record, 'sale', now));
      if (record.clearing === 'reversed' && before !== 'reversed')
        rows.push(claimRow(book.cardId, record, 'reversal', now));
    }
  }
  await copyInto(tx, 'claim', claimColumns, rows);
}

function isClaimed(clearing: string | undefined): boolean {
  return clearing === 'claimed' || clearing === 'reversed';
}

function claimRow(cardId: string, { facts }: BookRecord, kind: 'sale' | 'reversal', now: number): CopyValue[] {
  const { nt, merchant, money, terminalId, tn } = facts;
  return [cardId, nt, kind, merchant, money.unit.code, money.amount, terminalId, tn, now];
}
