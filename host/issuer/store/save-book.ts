/** Writes what a {@link Book} has changed: transfers, records, claims, payouts, loads, balances, findings. */
import { equalBytes } from '../../protocol/codec/bytes.js';
import { post } from './ledger.js';
import { nextHash } from './books.js';
import type { OpenBook } from './books.js';
import type { BookRecord } from '../domain/book.js';
import type { Tx } from './database.js';
import type { CardState } from './schema.js';

/** PostgreSQL takes at most 65535 parameters in a statement; two dozen go into a record. */
const chunk = 1000;

/** A record as it came, by NT. */
export interface Offered {
  readonly content: Uint8Array;
  /** Empty where a statement vouches for the record. */
  readonly s3: Uint8Array;
}

export async function saveBook(
  tx: Tx,
  open: OpenBook,
  offered: ReadonlyMap<number, Offered>,
  now: number,
): Promise<void> {
  const { book } = open;
  const hashes = placedHashes(open, offered);
  await post(tx, book.events, now);
  await saveRecords(tx, open, offered, hashes, now);
  await saveClaims(tx, open, now);
  await savePayouts(tx, open, now);
  await saveLoads(tx, open, now);
  await saveCard(tx, open, hashes);
  await saveFindings(tx, book.findings, now);
}

/** Running hashes of the records placed now, as long as they follow each other. */
function placedHashes(open: OpenBook, offered: ReadonlyMap<number, Offered>): Map<number, Uint8Array> {
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

async function saveRecords(
  tx: Tx,
  { book, rows }: OpenBook,
  offered: ReadonlyMap<number, Offered>,
  hashes: ReadonlyMap<number, Uint8Array>,
  now: number,
): Promise<void> {
  const touched = [...book.touched].map((nt) => book.records.get(nt)).filter((record) => record !== undefined);
  const fresh = touched.filter(({ facts }) => !rows.has(facts.nt));
  const inserts = fresh.map((record) => recordRow(book.cardId, record, offered.get(record.facts.nt), hashes, now));
  for (let i = 0; i < inserts.length; i += chunk)
    await tx
      .insertInto('record')
      .values(inserts.slice(i, i + chunk))
      .execute();
  for (const { facts, placement, clearing } of touched.filter(({ facts }) => rows.has(facts.nt))) {
    await tx
      .updateTable('record')
      .set({ placement, clearing, running_hash: hashes.get(facts.nt) ?? rows.get(facts.nt)?.running_hash ?? null })
      .where('card_id', '=', book.cardId)
      .where('nt', '=', BigInt(facts.nt))
      .execute();
  }
  await saveProofs(tx, book.cardId, rows, offered);
}

/** A record that came with the log alone may be proved later: the S3 is kept for whoever asks about the record. */
async function saveProofs(
  tx: Tx,
  cardId: string,
  rows: OpenBook['rows'],
  offered: ReadonlyMap<number, Offered>,
): Promise<void> {
  for (const [nt, { content, s3 }] of offered) {
    const row = rows.get(nt);
    if (row === undefined || row.s3 !== null || s3.length === 0) continue;
    if (!equalBytes(new Uint8Array(row.content), content)) continue;
    await tx.updateTable('record').set({ s3 }).where('card_id', '=', cardId).where('nt', '=', BigInt(nt)).execute();
  }
}

function recordRow(
  cardId: string,
  { facts, placement, clearing }: BookRecord,
  came: Offered | undefined,
  hashes: ReadonlyMap<number, Uint8Array>,
  now: number,
) {
  if (came === undefined) throw new Error(`record ${facts.nt} of ${cardId} has no content`);
  return {
    card_id: cardId,
    nt: facts.nt,
    kind: facts.kind,
    tn: facts.tn,
    terminal_id: facts.terminalId,
    merchant: facts.merchant,
    slot: facts.slot,
    unit: facts.money.unit.code,
    amount: facts.money.amount,
    points: facts.points.amount,
    points_unit: facts.points.unit.code,
    points_slot: facts.pointsSlot,
    time: facts.time,
    content: came.content,
    s3: came.s3.length === 0 ? null : came.s3,
    placement,
    clearing,
    running_hash: hashes.get(facts.nt) ?? null,
    seen_at: now,
  };
}

/** Claims follow from what became of purchases in this round. */
async function saveClaims(tx: Tx, { book, rows }: OpenBook, now: number): Promise<void> {
  const claims = [...book.touched].flatMap((nt) => {
    const record = book.records.get(nt);
    if (record === undefined) return [];
    const before = rows.get(nt)?.clearing;
    return [
      ...(isClaimed(record.clearing) && !isClaimed(before) ? [claimRow(book.cardId, record, 'sale', now)] : []),
      ...(record.clearing === 'reversed' && before !== 'reversed'
        ? [claimRow(book.cardId, record, 'reversal', now)]
        : []),
    ];
  });
  if (claims.length > 0) await tx.insertInto('claim').values(claims).execute();
}

function isClaimed(clearing: string | undefined): boolean {
  return clearing === 'claimed' || clearing === 'reversed';
}

function claimRow(cardId: string, { facts }: BookRecord, kind: 'sale' | 'reversal', now: number) {
  return {
    card_id: cardId,
    nt: facts.nt,
    kind,
    merchant: facts.merchant,
    unit: facts.money.unit.code,
    amount: facts.money.amount,
    terminal_id: facts.terminalId,
    tn: facts.tn,
    accepted_at: now,
  };
}

/** What holders are owed one by one: unloads, and purchases that nobody may claim. */
async function savePayouts(tx: Tx, { book }: OpenBook, now: number): Promise<void> {
  const payouts = book.events.flatMap((event) => {
    if (event.kind === 'record-booked' && event.movement.kind === 'unload') {
      const ref = book.records.get(event.nt)?.facts.ref ?? 0;
      return [payoutRow(book.cardId, 'unload', ref, event.movement.money, now)];
    }
    if (event.kind === 'purchase-forfeited' && event.to === 'holdersPayable')
      return [payoutRow(book.cardId, 'holder', event.nt, event.money, now)];
    return [];
  });
  if (payouts.length > 0) await tx.insertInto('payout').values(payouts).execute();
}

function payoutRow(
  cardId: string,
  kind: 'unload' | 'holder',
  ref: number,
  money: { amount: bigint; unit: { code: number } },
  now: number,
) {
  return { card_id: cardId, kind, ref, unit: money.unit.code, amount: money.amount, due_at: now };
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

async function saveCard(tx: Tx, { card, book }: OpenBook, hashes: ReadonlyMap<number, Uint8Array>): Promise<void> {
  const newest = book.records.get(book.nt)?.facts.parametersVersion;
  await tx
    .updateTable('card')
    .set({
      nt: book.nt,
      running_hash: hashes.get(book.nt) ?? card.running_hash,
      fault: book.fault ?? null,
      state: stateOf(card.state, book.standing),
      ...(newest === undefined || newest <= card.parameters_version ? {} : { parameters_version: newest }),
    })
    .where('card_id', '=', book.cardId)
    .execute();
  if (book.nt === Number(card.nt)) return;
  for (const [slot, balance] of book.balances.entries()) {
    await tx
      .updateTable('card_slot')
      .set({ balance })
      .where('card_id', '=', book.cardId)
      .where('slot', '=', slot)
      .where('balance', '<>', balance)
      .execute();
  }
}

/** A record or statement of a card proves that it is in use. */
function stateOf(before: CardState, standing: OpenBook['book']['standing']): CardState {
  return standing === 'live' ? (before === 'issued' ? 'active' : before) : standing;
}

export async function saveFindings(tx: Tx, findings: OpenBook['book']['findings'], now: number): Promise<void> {
  if (findings.length === 0) return;
  await tx
    .insertInto('finding')
    .values(findings.map((finding) => ({ ...finding, found_at: now })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
