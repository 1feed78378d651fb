/**
 * A lost card's balance follows its holder to the new card. It stays where it is until the presentation window is over, for
 * merchants come first; then it funds loads of the new card in place of the bank.
 */
import { lockCards } from '../store/card-rows.js';
import type { Tx } from '../store/database.js';
import { moveSlotBalance } from '../store/slot-balances.js';

export interface LostBalance {
  readonly lostCard: string;
  readonly slot: number;
  readonly amount: bigint;
}

/** What waits for a card in one unit, under a row lock; undefined where nothing does. */
export async function balanceOfLostCard(tx: Tx, cardId: string, unit: number): Promise<LostBalance | undefined> {
  const replaced = await tx
    .selectFrom('card')
    .select('card_id')
    .where('replaced_by', '=', cardId)
    .where('state', '=', 'closed')
    .execute();
  const cards = await lockCards(
    tx,
    replaced.map(({ card_id }) => card_id),
  );
  for (const { card_id, units, balances } of cards) {
    const slot = balances.findIndex((balance, i) => units[i] === unit && balance > 0n);
    const amount = balances[slot];
    if (amount !== undefined) return { lostCard: card_id, slot, amount };
  }
  return undefined;
}

/** @throws Error where the balance does not reach: the database refuses a balance below zero */
export async function takeFromLostCard(tx: Tx, { lostCard, slot }: LostBalance, amount: bigint): Promise<void> {
  await moveSlotBalance(tx, lostCard, slot, -amount);
}

export async function returnToLostCard(tx: Tx, lostCard: string, slot: number, amount: bigint): Promise<void> {
  await moveSlotBalance(tx, lostCard, slot, amount);
}
