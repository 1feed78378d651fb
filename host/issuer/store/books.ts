/** Reads a card's {@link Book} under a row lock and writes back what changed, in the caller's SQL transaction. */
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Unit } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { pointsSlot } from '../../protocol/generated/parameters.js';
import { parametersCodec } from '../../protocol/generated/structures.js';
import { Book, fork } from '../domain/book.js';
import type { BookLoad, BookRecord, Standing } from '../domain/book.js';
import type { CardFault } from '../domain/findings.js';
import type { PointsRule } from '../domain/sequence.js';
import type { Db, Tx } from './database.js';
import { recordFacts } from './record-facts.js';
import type { CardState, CardTable, LoadTable, RecordTable } from './schema.js';

export type CardRow = Selectable<CardTable>;
export type RecordRow = Selectable<RecordTable>;
export type LoadRow = Selectable<LoadTable>;

/** What is going to be asked of the book; the rest of a card's history stays in the database. */
export interface Wanted {
  readonly nts?: readonly number[];
  /** Load counters. */
  readonly counters?: readonly number[];
}

/** A card, its book, and what the book was read from. */
export interface OpenBook {
  readonly card: CardRow;
  readonly book: Book;
  /** Rows by NT as they were read. */
  readonly rows: ReadonlyMap<number, RecordRow>;
  readonly units: readonly Unit[];
}

/** @returns undefined where no such card was ever issued */
export async function openBook(tx: Tx, cardId: string, wanted: Wanted = {}): Promise<OpenBook | undefined> {
  const card = await tx.selectFrom('card').selectAll().where('card_id', '=', cardId).forUpdate().executeTakeFirst();
  if (card === undefined) return undefined;
  const slots = await tx.selectFrom('card_slot').selectAll().where('card_id', '=', cardId).orderBy('slot').execute();
  const units = slots.map(({ unit }) => unitByCode(unit));
  const rows = await recordRows(tx, cardId, wanted.nts ?? []);
  const records = rows.map((row): BookRecord => {
    const facts = { ...recordFacts(row.content, units), nt: Number(row.nt) };
    return { facts, placement: row.placement, clearing: row.clearing };
  });
  const book = new Book({
    cardId,
    units,
    standing: standingOf(card.state),
    fault: (card.fault as CardFault | null) ?? undefined,
    nt: Number(card.nt),
    balances: slots.map(({ balance }) => balance),
    records,
    loads: await bookLoads(tx, cardId, wanted.counters ?? []),
    pointsRules: await pointsRules(tx),
    voided: await voidedNumbers(tx, cardId),
  });
  return { card, book, rows: new Map(rows.map((row) => [Number(row.nt), row])), units };
}

function standingOf(state: CardState): Standing {
  return state === 'issued' || state === 'active' ? 'live' : state;
}

/** Those that wait or contradict others, and each one asked for with its neighbours: a cancel follows its purchase. */
async function recordRows(tx: Tx, cardId: string, nts: readonly number[]): Promise<RecordRow[]> {
  const near = [...new Set(nts.flatMap((nt) => [nt - 1, nt, nt + 1]))].map(BigInt);
  return tx
    .selectFrom('record')
    .selectAll()
    .where('card_id', '=', cardId)
    .where((where) =>
      where.or([
        where('placement', '=', 'waiting'),
        where('nt', '>=', BigInt(fork)),
        ...(near.length === 0 ? [] : [where('nt', 'in', near)]),
      ]),
    )
    .orderBy('nt')
    .execute();
}

async function bookLoads(tx: Tx, cardId: string, counters: readonly number[]): Promise<BookLoad[]> {
  if (counters.length === 0) return [];
  const rows = await tx
    .selectFrom('load')
    .select(['counter', 'kind', 'slot', 'amount', 'state'])
    .where('card_id', '=', cardId)
    .where('counter', 'in', counters.map(BigInt))
    .execute();
  return rows.map(({ counter, state, ...load }) => ({
    ...load,
    counter: Number(counter),
    state: state === 'declined' ? 'asked' : state,
  }));
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

async function voidedNumbers(tx: Tx, cardId: string): Promise<Set<string>> {
  const rows = await tx.selectFrom('voided').select(['terminal_id', 'tn']).where('card_id', '=', cardId).execute();
  return new Set(rows.map(({ terminal_id, tn }) => `${terminal_id}/${tn}`));
}

/** R(n) = SHA-256(R(n-1) ‖ record n). */
export function nextHash(hash: Uint8Array, content: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(hash).update(content).digest());
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
