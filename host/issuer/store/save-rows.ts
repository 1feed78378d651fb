/** New rows of books: a record each, with the claim that follows from what became of it in this round. */
import type { BookRecord, Clearing } from '../domain/book.js';
import { copyInto } from './copy.js';
import type { CopyValue } from './copy.js';
import type { Tx } from './database.js';
import type { HashedBook, Offered } from './kept-books.js';

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
  sale_at: 'int8',
  reversal_at: 'int8',
} as const;

export async function newRecords(tx: Tx, books: readonly HashedBook[], now: number): Promise<void> {
  const rows: CopyValue[][] = [];
  const evidence: CopyValue[][] = [];
  for (const one of books) {
    const { book, rows: known, repeats } = one.open;
    for (const nt of book.touched) {
      const record = book.records.get(nt);
      if (record === undefined || known.has(nt)) continue;
      const came = contentOf(one, record);
      const row = recordRow(one, record, came, now);
      if (repeats.has(came.s3)) evidence.push([...row, true]);
      else rows.push(row);
    }
  }
  await copyInto(tx, 'record', recordColumns, rows);
  await copyInto(tx, 'record', { ...recordColumns, repeats: 'bool' }, evidence);
}

function contentOf({ open, offered }: HashedBook, { facts }: BookRecord): Offered {
  const came = offered.get(facts.nt);
  if (came === undefined) throw new Error(`record ${facts.nt} of ${open.book.cardId} has no content`);
  return came;
}

function recordRow(
  { open: { book }, hashes }: HashedBook,
  { facts, placement, clearing }: BookRecord,
  came: Offered,
  now: number,
): CopyValue[] {
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
    isClaimed(clearing) ? now : null,
    clearing === 'reversed' ? now : null,
  ];
}

/** What of claims follows from what has become of a record since it was read. */
export function newClaim(
  { clearing }: BookRecord,
  before: Clearing,
  now: number,
): { readonly sale_at?: number; readonly reversal_at?: number } {
  return {
    ...(isClaimed(clearing) && !isClaimed(before) ? { sale_at: now } : {}),
    ...(clearing === 'reversed' && before !== 'reversed' ? { reversal_at: now } : {}),
  };
}

function isClaimed(clearing: Clearing): boolean {
  return clearing === 'claimed' || clearing === 'reversed';
}
