/** The rows of cards under their locks: what a card's book needs of them, and what everybody else asks who changes a card. */
import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { arrayOf } from './copy.js';
import type { Tx } from './database.js';
import { noHash } from './ledger-chain.js';
import type { CardTable } from './schema.js';

export type WholeCard = Selectable<CardTable>;

/** What a payment needs of a card, and where its book stands. */
export interface BookCard extends Pick<WholeCard, (typeof bookColumns)[number]>, Stand {}

/** All of a card but its certificate, its data, and the key it agrees with; and where its book stands. */
export interface CardRow extends Pick<WholeCard, (typeof cardColumns)[number]>, Stand {}

/** Of the card's row in `ledger_head`. */
interface Stand {
  /** Highest NT up to which every record is here. */
  readonly nt: bigint;
  /** R(nt), 32 bytes. */
  readonly running_hash: Uint8Array;
  /** Codes of the slots' units. */
  readonly units: readonly number[];
  /** Shadow balances of the slots. */
  readonly balances: readonly bigint[];
  /** Events booked so far. */
  readonly seq: bigint;
  /** Of the last event, in hexadecimal. */
  readonly hash: string;
}

const bookColumns = ['card_id', 'state', 'fault', 'parameters_version', 'block_number'] as const;

const cardColumns = [
  ...bookColumns,
  'serial',
  'sign_point',
  'key_version',
  'holder_id',
  'expiry',
  'load_counter',
  'order_counter',
  'replaces',
  'ended_at',
  'closing',
  'terminal_ca_version',
  'pos_ca_version',
  'credit_version',
  'order_version',
  'product',
] as const;

/**
 * Locks many cards at once, in the order of their ids, so that nobody who does the same waits for us while we wait for him.
 *
 * @returns in that order; ids of no card are missing
 */
export function lockCards(tx: Tx, cardIds: readonly string[]): Promise<CardRow[]> {
  return locked<CardRow>(tx, cardIds, cardColumns);
}

/** The same for whoever needs no more of the cards. */
export function lockBookCards(tx: Tx, cardIds: readonly string[]): Promise<BookCard[]> {
  return locked<BookCard>(tx, cardIds, bookColumns);
}

async function locked<Row extends Stand>(tx: Tx, cardIds: readonly string[], columns: readonly string[]) {
  const selected = sql.join(columns.map((name) => sql.ref(`c.${name}`)));
  const { rows } = await sql<Row & { units: string; balances: string }>`
    select ${selected}, h.nt, h.running_hash, h.units::text, h.balances::text, h.seq, encode(h.hash, 'hex') as hash
      from card c join ledger_head h on h.owner = c.card_id
     where c.card_id = any(${arrayOf(cardIds)}::text[]) order by c.card_id for update of c, h`.execute(tx);
  return rows.map((row) => ({
    ...row,
    units: elements(row.units).map(Number),
    balances: elements(row.balances).map(BigInt),
  }));
}

/** Of a one-dimensional array of numbers as PostgreSQL writes it. */
function elements(array: string): string[] {
  return array === '{}' ? [] : array.slice(1, -1).split(',');
}

/** Where a new card's book stands: before its first event and its first record, with nothing in any slot. */
export async function openHead(tx: Tx, cardId: string, units: readonly number[]): Promise<void> {
  await sql`
    insert into ledger_head (owner, seq, hash, nt, running_hash, units, balances)
    values (${cardId}, 0, decode(${noHash}, 'hex'), 0, decode(${noHash}, 'hex'), ${arrayOf(units)}::integer[],
            ${arrayOf(units.map(() => 0))}::bigint[])`.execute(tx);
}
