/** Cards that are assigned to a holder and not issued yet: the list the desk works from, whatever became of the file it was written to. */
import { fromHex, toHex } from '../../protocol/codec/bytes.js';
import type { Seconds } from '../../protocol/codec/time.js';
import type { Db } from '../store/database.js';
import type { DeskLine } from './assign.js';

export interface AssignedCard extends DeskLine {
  readonly assignedAt: Seconds;
}

/** @param part those after a serial (hexadecimal), so many at most; all without @returns by serial */
export async function assignedCards(
  db: Db,
  { after, most }: { readonly after?: string | undefined; readonly most?: number } = {},
): Promise<readonly AssignedCard[]> {
  const rows = await db
    .selectFrom('card_stock')
    .innerJoin('holder', 'holder.holder_id', 'card_stock.holder_id')
    .select(['card_stock.serial', 'card_stock.product', 'card_stock.replaces', 'card_stock.changed_at', 'holder.name'])
    .where('card_stock.state', '=', 'assigned')
    .$if(after !== undefined, (query) => query.where('card_stock.serial', '>', fromHex(after ?? '')))
    .orderBy('card_stock.serial')
    .$if(most !== undefined, (query) => query.limit(most ?? 0))
    .execute();
  return rows.map(({ serial, product, replaces, changed_at, name }) => ({
    serial: toHex(new Uint8Array(serial)),
    holder: name,
    product: product ?? '',
    replaces: replaces ?? '',
    assignedAt: Number(changed_at),
  }));
}
