/**
 * A lost card's balance follows its holder to the new card. It stays where it is until the presentation window is over, for
 * merchants come first; then it funds loads of the new card in place of the bank.
 */
import type { Tx } from '../store/database.js';

export interface LostBalance {
  readonly lostCard: string;
  readonly slot: number;
  readonly amount: bigint;
}

/** What waits for a card in one unit, under a row lock; undefined where nothing does. */
export async function balanceOfLostCard(tx: Tx, cardId: string, unit: number): Promise<LostBalance | undefined> {
  const row = await tx
    .selectFrom('card')
    .innerJoin('card_slot', 'card_slot.card_id', 'card.card_id')
    .select(['card.card_id', 'card_slot.slot', 'card_slot.balance'])
    .where('card.replaced_by', '=', cardId)
    .where('card.state', '=', 'closed')
    .where('card_slot.unit', '=', unit)
    .where('card_slot.balance', '>', 0n)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? undefined : { lostCard: row.card_id, slot: row.slot, amount: row.balance };
}

/** @throws Error where the balance does not reach: the database refuses a balance below zero */
export async function takeFromLostCard(tx: Tx, { lostCard, slot }: LostBalance, amount: bigint): Promise<void> {
  await moveBalance(tx, lostCard, slot, -amount);
}

export async function returnToLostCard(tx: Tx, lostCard: string, slot: number, amount: bigint): Promise<void> {
  await moveBalance(tx, lostCard, slot, amount);
}

async function moveBalance(tx: Tx, cardId: string, slot: number, by: bigint): Promise<void> {
  await tx
    .updateTable('card_slot')
    .set((row) => ({ balance: row('balance', '+', by) }))
    .where('card_id', '=', cardId)
    .where('slot', '=', slot)
    .execute();
}
