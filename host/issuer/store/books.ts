/** Reads the {@link Book}s of cards under row locks, many with as few statements as one, in the caller's SQL transaction. */
import { hash as digest } from 'node:crypto';
import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Unit } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { pointsSlot } from '../../protocol/generated/parameters.js';
import { parametersCodec } from '../../protocol/generated/structures.js';
import { Book, fork } from '../domain/book.js';
import type { BookLoad, BookRecord, Standing } from '../domain/book.js';
import type { CardFault } from '../domain/findings.js';
import type { PointsRule } from '../domain/sequence.js';
import { lockBookCards, lockCards } from './card-rows.js';
import type { BookCard, CardRow } from './card-rows.js';
import { arrayOf } from './copy.js';
import type { Db, Tx } from './database.js';
import { groupBy } from './group.js';
import { recordFacts } from './record-facts.js';
import type { CardState, LoadTable, RecordTable, VoidedTable } from './schema.js';

export type RecordRow = Selectable<RecordTable>;
export type LoadRow = Selectable<LoadTable>;

/** What is going to be asked of the book; the rest of a card's history stays in the database. */
export interface Wanted {
  /** Each with its neighbours: a cancel follows its purchase. */
  readonly nts?: readonly number[];
  /** These alone. */
  readonly exactly?: readonly number[];
  /** Load counters. */
  readonly counters?: readonly number[];
}

/** A card, its book, and what the book was read from. */
export interface OpenBook<Card extends BookCard = BookCard> {
  readonly card: Card;
  readonly book: Book;
  /** Rows by NT as they were read. */
  readonly rows: ReadonlyMap<number, RecordRow>;
  readonly units: readonly Unit[];
  /** S3s that came now and repeat a random number: kept as evidence. */
  readonly repeats: Set<Uint8Array>;
}

/** With all of the card. */
export type CardBook = OpenBook<CardRow>;

/** @returns undefined where no such card was ever issued */
export async function openBook(tx: Tx, cardId: string, wanted: Wanted = {}): Promise<CardBook | undefined> {
  return (await opened(tx, await lockCards(tx, [cardId]), new Map([[cardId, wanted]]))).get(cardId);
}

/**
 * Locks many cards at once, in the order of their ids, so that nobody who does the same waits for us while we wait for him.
 *
 * @returns by card id; cards that were never issued are missing
 */
export async function openBooks(tx: Tx, wanted: ReadonlyMap<string, Wanted>): Promise<Map<string, OpenBook>> {
  return opened(tx, await lockBookCards(tx, [...wanted.keys()]), wanted);
}

async function opened<Card extends BookCard>(
  tx: Tx,
  cards: readonly Card[],
  wanted: ReadonlyMap<string, Wanted>,
): Promise<Map<string, OpenBook<Card>>> {
  if (cards.length === 0) return new Map();
  const known = arrayOf(cards.map(({ card_id }) => card_id));
  const apart = await outOfTheOrdinary(tx, known);
  const waiting = apart.waits ? await waitingRows(tx, known) : [];
  const records = grouped([...waiting, ...(await forkedRows(tx, cards)), ...(await recordRows(tx, cards, wanted))]);
  const loads = grouped(await loadRows(tx, wanted));
  const voided = grouped(apart.voided ? await voidedRows(tx, known) : []);
  const rules = await pointsRules(tx);
  return new Map(
    cards.map((card) => {
      const of = <Row>(rows: ReadonlyMap<string, readonly Row[]>): readonly Row[] => rows.get(card.card_id) ?? [];
      return [card.card_id, openOne(card, of(records), of(loads), of(voided), rules)];
    }),
  );
}

function openOne<Card extends BookCard>(
  card: Card,
  records: readonly RecordRow[],
  loads: readonly LoadFacts[],
  voided: readonly VoidedRow[],
  pointsRules: ReadonlyMap<number, PointsRule>,
): OpenBook<Card> {
  const units = card.units.map(unitByCode);
  const rows = new Map(records.map((row) => [Number(row.nt), row]));
  const book = new Book({
    cardId: card.card_id,
    units,
    standing: standingOf(card.state),
    fault: (card.fault as CardFault | null) ?? undefined,
    nt: Number(card.nt),
    balances: card.balances,
    records: [...rows.values()].map((row) => bookRecord(row, units)),
    loads: loads.map(bookLoad),
    pointsRules,
    voided: new Set(voided.map(({ terminal_id, tn }) => `${terminal_id}/${tn}`)),
  });
  return { card, book, rows, units, repeats: new Set() };
}

function bookRecord(row: RecordRow, units: readonly Unit[]): BookRecord {
  const facts = { ...recordFacts(row.content, units), nt: Number(row.nt) };
  return { facts, placement: row.placement, clearing: row.clearing };
}

function bookLoad({ counter, state, kind, slot, amount }: LoadFacts): BookLoad {
  return {
    counter: Number(counter),
    kind,
    slot,
    amount,
    state: state === 'declined' || state === 'lapsed' ? 'asked' : state,
  };
}

function standingOf(state: CardState): Standing {
  return state === 'issued' || state === 'active' ? 'live' : state;
}

/** Most cards have neither a record that waits nor an order that is void: one statement for both tells. */
async function outOfTheOrdinary(
  tx: Tx,
  cardIds: string,
): Promise<{ readonly waits: boolean; readonly voided: boolean }> {
  const { rows } = await sql<{ waits: boolean; voided: boolean }>`
    select exists (select from record where card_id = any(${cardIds}::text[]) and placement = 'waiting') as waits,
           exists (select from voided where card_id = any(${cardIds}::text[])) as voided`.execute(tx);
  return rows[0] ?? { waits: true, voided: true };
}

function waitingRows(tx: Tx, cardIds: string): Promise<RecordRow[]> {
  return tx
    .selectFrom('record')
    .selectAll()
    .where('card_id', '=', sql<string>`any(${cardIds}::text[])`)
    .where('placement', '=', 'waiting')
    .orderBy('nt')
    .execute();
}

/** Of cards that broke their books: what contradicts other records. */
async function forkedRows(tx: Tx, cards: readonly BookCard[]): Promise<RecordRow[]> {
  const broken = cards.filter(({ fault }) => fault !== null).map(({ card_id }) => card_id);
  if (broken.length === 0) return [];
  return tx
    .selectFrom('record')
    .selectAll()
    .where('card_id', 'in', broken)
    .where('nt', '>=', BigInt(fork))
    .orderBy('nt')
    .execute();
}

/**
 * What is asked beyond the last record in sequence waits, and was read with what waits; a card that broke its book, or is closed, has
 * other records there too. `offset 0`: looked up one by one in the index, whatever the planner believes of the
 * table's size.
 */
async function recordRows(
  tx: Tx,
  cards: readonly BookCard[],
  wanted: ReadonlyMap<string, Wanted>,
): Promise<RecordRow[]> {
  const keys = cards.flatMap(({ card_id, nt: last, fault, state }) => {
    const { nts = [], exactly = [] } = wanted.get(card_id) ?? {};
    const near = nts.flatMap((nt) => [nt - 1, nt, nt + 1]);
    const isInOrder = fault === null && state !== 'closed';
    return [...new Set([...near, ...exactly])].flatMap((nt) =>
      isInOrder && nt > last ? [] : [[card_id, nt] as const],
    );
  });
  if (keys.length === 0) return [];
  const { rows } = await sql<RecordRow>`
    select found.* from unnest(${arrayOf(keys.map(([cardId]) => cardId))}::text[],
                               ${arrayOf(keys.map(([, nt]) => nt))}::bigint[]) as asked (card_id, nt),
           lateral (select * from record r where r.card_id = asked.card_id and r.nt = asked.nt offset 0) as found
     order by nt`.execute(tx);
  return rows;
}

type LoadFacts = Pick<LoadRow, 'card_id' | 'counter' | 'kind' | 'slot' | 'amount' | 'state'>;

async function loadRows(tx: Tx, wanted: ReadonlyMap<string, Wanted>): Promise<LoadFacts[]> {
  const keys = [...wanted].flatMap(([cardId, { counters = [] }]) => counters.map((n) => [cardId, n] as const));
  if (keys.length === 0) return [];
  const { rows } = await sql<LoadFacts>`
    select card_id, counter, kind, slot, amount, state
      from unnest(${arrayOf(keys.map(([cardId]) => cardId))}::text[],
                  ${arrayOf(keys.map(([, n]) => n))}::bigint[]) as asked (card_id, counter)
      join load using (card_id, counter)`.execute(tx);
  return rows;
}

type VoidedRow = Pick<Selectable<VoidedTable>, 'card_id' | 'terminal_id' | 'tn'>;

function voidedRows(tx: Tx, cardIds: string): Promise<VoidedRow[]> {
  return tx
    .selectFrom('voided')
    .select(['card_id', 'terminal_id', 'tn'])
    .where('card_id', '=', sql<string>`any(${cardIds}::text[])`)
    .execute();
}

function grouped<Row extends { readonly card_id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  return groupBy(rows, ({ card_id }) => card_id);
}

/** By parameter version. */
export async function pointsRules(db: Db): Promise<Map<number, PointsRule>> {
  const sets = await db.selectFrom('parameter_set').select(['version', 'parameters']).execute();
  return new Map(
    sets.map(({ version, parameters }) => {
      const { slots } = parametersCodec.decode(parameters);
      const steps = slots.map(({ pointsStep }) => BigInt(pointsStep));
      return [version, { steps, max: BigInt(slots[pointsSlot]?.maxBalance ?? 0) }];
    }),
  );
}

/** R(n) = SHA-256(R(n-1) ‖ record n). */
export function nextHash(hash: Uint8Array, content: Uint8Array): Uint8Array {
  return Buffer.from(digest('sha256', Buffer.concat([hash, content])), 'hex');
}

/** R(nt) as far as the issuer has it. */
export async function hashAt(tx: Tx, card: CardRow, nt: number): Promise<Uint8Array | undefined> {
  if (nt === 0) return new Uint8Array(32);
  if (nt === Number(card.nt)) return card.running_hash;
  const row = await tx
    .selectFrom('record')
    .select('running_hash')
    .where('card_id', '=', card.card_id)
    .where('nt', '=', BigInt(nt))
    .executeTakeFirst();
  return row?.running_hash ?? undefined;
}
