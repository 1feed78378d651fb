/** What stands between a merchant and his money: holds, and amounts beside his claims. */
import type { Money } from '../../protocol/codec/money.js';
import type { MerchantKey } from '../domain/accounts.js';
import type { Db, Tx } from './database.js';

/** Holding a merchant who is held already changes nothing. */
export async function holdMerchant(tx: Tx, merchant: MerchantKey, reason: string, now: number): Promise<void> {
  if (await isHeld(tx, merchant)) return;
  await tx
    .insertInto('merchant_hold')
    .values({ merchant, held_at: now, reason })
    .onConflict((conflict) => conflict.columns(['merchant', 'held_at']).doUpdateSet({ released_at: null }))
    .execute();
}

/** @returns false where he was not held */
export async function releaseMerchant(tx: Tx, merchant: MerchantKey, now: number): Promise<boolean> {
  const released = await tx
    .updateTable('merchant_hold')
    .set({ released_at: now })
    .where('merchant', '=', merchant)
    .where('released_at', 'is', null)
    .returning('merchant')
    .execute();
  return released.length > 0;
}

export async function isHeld(db: Db, merchant: MerchantKey): Promise<boolean> {
  const row = await db
    .selectFrom('merchant_hold')
    .select('merchant')
    .where('merchant', '=', merchant)
    .where('released_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Changes what the next settlement pays; once per reference. @param amount above zero: owed to him; below: he owes it */
export async function adjustMerchant(
  tx: Tx,
  merchant: MerchantKey,
  reference: string,
  { amount, unit }: Money,
  now: number,
): Promise<void> {
  await tx
    .insertInto('merchant_adjustment')
    .values({ merchant, reference, unit: unit.code, amount, made_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
