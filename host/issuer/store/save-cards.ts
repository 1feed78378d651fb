/** What books change in the rows of their cards: where the book stands, and seldom the state, the fault, the parameters. */
import { sql } from 'kysely';
import { arrayOf, byteArrayOf } from './copy.js';
import type { Tx } from './database.js';
import type { HashedBook } from './kept-books.js';
import type { Head } from './ledger-heads.js';
import type { CardState } from './schema.js';

/** @param heads of the chains of events, as far as they have moved */
export async function saveCards(tx: Tx, books: readonly HashedBook[], heads: ReadonlyMap<string, Head>): Promise<void> {
  const cards = books.map(cardAfter).filter((card) => card !== undefined);
  if (cards.length > 0) await updateCards(tx, cards);
  const stands = books.map((book) => standAfter(book, heads)).filter((stand) => stand !== undefined);
  if (stands.length > 0) await updateStands(tx, stands);
}

interface CardAfter {
  readonly cardId: string;
  readonly fault: string | undefined;
  readonly state: CardState;
  readonly parametersVersion: number;
}

/** Undefined where nothing changed. */
function cardAfter({ open: { card, book } }: HashedBook): CardAfter | undefined {
  const newest = book.records.get(book.nt)?.facts.parametersVersion ?? 0;
  const state = stateOf(card.state, book.standing);
  const parametersVersion = Math.max(newest, card.parameters_version);
  const same =
    (book.fault ?? null) === card.fault && state === card.state && parametersVersion === card.parameters_version;
  return same ? undefined : { cardId: book.cardId, fault: book.fault, state, parametersVersion };
}

/** A record or statement of a card proves that it is in use. */
function stateOf(before: CardState, standing: HashedBook['open']['book']['standing']): CardState {
  return standing === 'live' ? (before === 'issued' ? 'active' : before) : standing;
}

async function updateCards(tx: Tx, cards: readonly CardAfter[]): Promise<void> {
  await sql`
    update card set fault = nullif(after.fault, ''), state = after.state, parameters_version = after.version
      from unnest(${arrayOf(cards.map(({ cardId }) => cardId))}::text[],
                  ${arrayOf(cards.map(({ fault }) => fault ?? '""'))}::text[],
                  ${arrayOf(cards.map(({ state }) => state))}::text[],
                  ${arrayOf(cards.map(({ parametersVersion }) => parametersVersion))}::integer[])
           as after (card_id, fault, state, version)
     where card.card_id = after.card_id`.execute(tx);
}

interface StandAfter {
  readonly cardId: string;
  readonly head: Head;
  readonly nt: number;
  readonly hash: Uint8Array;
  readonly balances: readonly bigint[];
}

/** Undefined where nothing changed. */
function standAfter({ open: { card, book }, hashes }: HashedBook, heads: ReadonlyMap<string, Head>) {
  const head = heads.get(book.cardId);
  if (head === undefined) throw new Error(`no head of ${book.cardId}`);
  if (head.seq === head.from && book.nt === Number(card.nt)) return undefined;
  const hash = hashes.get(book.nt) ?? card.running_hash;
  return { cardId: book.cardId, head, nt: book.nt, hash, balances: book.balances } satisfies StandAfter;
}

/** @throws Error where somebody booked for a card between the reading of its book and this: the chain would fork */
async function updateStands(tx: Tx, stands: readonly StandAfter[]): Promise<void> {
  const { numAffectedRows } = await sql`
    update ledger_head set seq = after.seq, hash = decode(after.hash, 'hex'), nt = after.nt,
                           running_hash = after.running_hash, balances = after.balances::bigint[]
      from unnest(${arrayOf(stands.map(({ cardId }) => cardId))}::text[],
                  ${arrayOf(stands.map(({ head }) => head.from))}::bigint[],
                  ${arrayOf(stands.map(({ head }) => head.seq))}::bigint[],
                  ${arrayOf(stands.map(({ head }) => head.hash))}::text[],
                  ${arrayOf(stands.map(({ nt }) => nt))}::bigint[],
                  ${byteArrayOf(stands.map(({ hash }) => hash))}::bytea[],
                  ${arrayOf(stands.map(({ balances }) => `"${arrayOf(balances)}"`))}::text[])
           as after (card_id, before, seq, hash, nt, running_hash, balances)
     where ledger_head.owner = after.card_id and ledger_head.seq = after.before`.execute(tx);
  const missing = stands.length - Number(numAffectedRows ?? 0n);
  if (missing !== 0) throw new Error(`${missing} books were written to since they were read`);
}
