/** What books change in the rows of their cards: how far the records reach, shadow balances, state, fault. */
import { sql } from 'kysely';
import { arrayOf, byteArrayOf } from './copy.js';
import type { Tx } from './database.js';
import type { HashedBook } from './save-book.js';
import type { CardState } from './schema.js';

export async function saveCards(tx: Tx, books: readonly HashedBook[]): Promise<void> {
  const cards = books.map(cardAfter).filter((card) => card !== undefined);
  if (cards.length > 0) await updateCards(tx, cards);
  const slots = books.flatMap(slotsAfter);
  if (slots.length > 0) await updateSlots(tx, slots);
}

interface CardAfter {
  readonly cardId: string;
  readonly nt: number;
  readonly hash: Uint8Array;
  readonly fault: string | undefined;
  readonly state: CardState;
  readonly parametersVersion: number;
}

/** Undefined where nothing changed. */
function cardAfter({ open: { card, book }, hashes }: HashedBook): CardAfter | undefined {
  const newest = book.records.get(book.nt)?.facts.parametersVersion ?? 0;
  const after: CardAfter = {
    cardId: book.cardId,
    nt: book.nt,
    hash: hashes.get(book.nt) ?? card.running_hash,
    fault: book.fault,
    state: stateOf(card.state, book.standing),
    parametersVersion: Math.max(newest, card.parameters_version),
  };
  const same =
    after.nt === Number(card.nt) &&
    (after.fault ?? null) === card.fault &&
    after.state === card.state &&
    after.parametersVersion === card.parameters_version;
  return same ? undefined : after;
}

/** A record or statement of a card proves that it is in use. */
function stateOf(before: CardState, standing: HashedBook['open']['book']['standing']): CardState {
  return standing === 'live' ? (before === 'issued' ? 'active' : before) : standing;
}

async function updateCards(tx: Tx, cards: readonly CardAfter[]): Promise<void> {
  await sql`
    update card set nt = after.nt, running_hash = after.hash, fault = nullif(after.fault, ''), state = after.state,
                    parameters_version = after.version
      from unnest(${arrayOf(cards.map(({ cardId }) => cardId))}::text[],
                  ${arrayOf(cards.map(({ nt }) => nt))}::bigint[],
                  ${byteArrayOf(cards.map(({ hash }) => hash))}::bytea[],
                  ${arrayOf(cards.map(({ fault }) => fault ?? '""'))}::text[],
                  ${arrayOf(cards.map(({ state }) => state))}::text[],
                  ${arrayOf(cards.map(({ parametersVersion }) => parametersVersion))}::integer[])
           as after (card_id, nt, hash, fault, state, version)
     where card.card_id = after.card_id`.execute(tx);
}

interface SlotAfter {
  readonly cardId: string;
  readonly slot: number;
  readonly balance: bigint;
}

function slotsAfter({ open: { book, balances } }: HashedBook): SlotAfter[] {
  return book.balances.flatMap((balance, slot) =>
    balance === balances[slot] ? [] : [{ cardId: book.cardId, slot, balance }],
  );
}

async function updateSlots(tx: Tx, slots: readonly SlotAfter[]): Promise<void> {
  await sql`
    update card_slot set balance = after.balance
      from unnest(${arrayOf(slots.map(({ cardId }) => cardId))}::text[],
                  ${arrayOf(slots.map(({ slot }) => slot))}::smallint[],
                  ${arrayOf(slots.map(({ balance }) => balance))}::bigint[]) as after (card_id, slot, balance)
     where card_slot.card_id = after.card_id and card_slot.slot = after.slot`.execute(tx);
}
