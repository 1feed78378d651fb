/** Holders, as far as limits and pay-outs need them. Without a name a card has a holder of its own and no account. */
import { createHash } from 'node:crypto';
import type { Tx } from '../store/database.js';

/** @returns id of the holder with this name, made where new */
export async function ensureHolder(tx: Tx, name: string, cardId: string): Promise<string> {
  const clean = name.normalize('NFC').trim().replace(/\s+/g, ' ');
  const id =
    clean === '' ? cardId : createHash('sha256').update(`holder ${clean.toLowerCase()}`).digest('hex').slice(0, 16);
  await tx
    .insertInto('holder')
    .values({ holder_id: id, name: clean, account: clean === '' ? null : `account of ${clean}` })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return id;
}

/** Locks the holder, so that loads of several cards at once are added up one after the other. */
export async function lockHolder(tx: Tx, holderId: string): Promise<{ name: string; account: string | null }> {
  return tx
    .selectFrom('holder')
    .select(['name', 'account'])
    .where('holder_id', '=', holderId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}
