/**
 * A lost card's balance follows its holder to the new card, and to the one after that. It stays where it is until the presentation
 * window is over, for merchants come first; then it funds loads of the new card in place of the bank. Where the card at the end was
 * closed, nobody loads any more, and the holder is paid.
 */
import { sql } from 'kysely';
import { lockCards } from '../store/card-rows.js';
import type { Db, Tx } from '../store/database.js';
import { moveSlotBalance } from '../store/slot-balances.js';

export interface LostBalance {
  readonly lostCard: string;
  readonly slot: number;
  readonly amount: bigint;
}

/**
 * The smallest balance that covers a load, of all cards lost before this one; under row locks.
 *
 * @param least minor units @returns undefined where none reaches
 */
export async function balanceOfLostCard(
  tx: Tx,
  cardId: string,
  unit: number,
  least: bigint,
): Promise<LostBalance | undefined> {
  const cards = await lockCards(tx, await lostBefore(tx, cardId));
  const covering = cards.flatMap(({ card_id, state, units, balances }) =>
    balances.flatMap((amount, slot) =>
      state === 'closed' && units[slot] === unit && amount >= least ? [{ lostCard: card_id, slot, amount }] : [],
    ),
  );
  const [smallest] = covering.sort((a, b) => (a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : 0));
  return smallest;
}

/** The card that this one replaces, the one which that had replaced, and so on. */
async function lostBefore(tx: Tx, cardId: string): Promise<string[]> {
  const lost: string[] = [];
  for (let next = await replacedBy(tx, cardId); next !== undefined; next = await replacedBy(tx, next)) lost.push(next);
  return lost;
}

async function replacedBy(tx: Tx, cardId: string): Promise<string | undefined> {
  const row = await tx.selectFrom('card').select('replaces').where('card_id', '=', cardId).executeTakeFirst();
  return row?.replaces ?? undefined;
}

/** Which of these lost cards have a card after them, at the end, that may still load what they held. */
export async function withHeir(db: Db, lostCards: readonly string[]): Promise<ReadonlySet<string>> {
  const waiting = new Set<string>();
  let ends = new Map(lostCards.map((card) => [card, card]));
  while (ends.size > 0) {
    const rows = await db
      .selectFrom('card')
      .select(['card_id', 'state', 'replaced_by'])
      .where('card_id', '=', sql<string>`any(${[...new Set(ends.values())]})`)
      .execute();
    const known = new Map(rows.map((row) => [row.card_id, row]));
    const further = new Map<string, string>();
    for (const [card, end] of ends) {
      const row = known.get(end);
      if (row?.state === 'issued' || row?.state === 'active') waiting.add(card);
      else if (row !== undefined && row.replaced_by !== null) further.set(card, row.replaced_by);
    }
    ends = further;
  }
  return waiting;
}

/** @throws Error where the balance does not reach: the database refuses a balance below zero */
export async function takeFromLostCard(tx: Tx, { lostCard, slot }: LostBalance, amount: bigint): Promise<void> {
  await moveSlotBalance(tx, lostCard, slot, -amount);
}

export async function returnToLostCard(tx: Tx, lostCard: string, slot: number, amount: bigint): Promise<void> {
  await moveSlotBalance(tx, lostCard, slot, amount);
}
