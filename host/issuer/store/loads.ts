/** Rows of the table `load`, one per (card, load counter). */
import type { LoadRow } from './books.js';
import type { Db, Tx } from './database.js';

export async function findLoad(db: Db, cardId: string, counter: number): Promise<LoadRow | undefined> {
  return db
    .selectFrom('load')
    .selectAll()
    .where('card_id', '=', cardId)
    .where('counter', '=', BigInt(counter))
    .executeTakeFirst();
}

/** Under a row lock. @throws Error for a load nobody asked for */
export async function lockedLoad(tx: Tx, cardId: string, counter: number): Promise<LoadRow> {
  return tx
    .selectFrom('load')
    .selectAll()
    .where('card_id', '=', cardId)
    .where('counter', '=', BigInt(counter))
    .forUpdate()
    .executeTakeFirstOrThrow();
}
