/** Shadow balances that change without a record: closings paid, balances of lost cards moved, losses recovered. */
import { sql } from 'kysely';
import type { Tx } from './database.js';

/** @param by minor units @throws Error where the balance does not reach: the database refuses a balance below zero */
export async function moveSlotBalance(tx: Tx, cardId: string, slot: number, by: bigint): Promise<void> {
  await sql`
    update ledger_head set balances[${place(slot)}] = balances[${place(slot)}] + ${by} where owner = ${cardId}`.execute(
    tx,
  );
}

/** @param whole minor units @returns false where the slot holds anything else; then nothing is taken */
export async function takeSlotBalance(tx: Tx, cardId: string, slot: number, whole: bigint): Promise<boolean> {
  const { rows } = await sql`
    update ledger_head set balances[${place(slot)}] = 0
     where owner = ${cardId} and balances[${place(slot)}] = ${whole} returning owner`.execute(tx);
  return rows.length > 0;
}

/** SQL counts from 1. */
function place(slot: number) {
  return sql`${slot + 1}::integer`;
}
