/** The card desk: what is in stock, and which cards wait for their holders. */
import { toHex } from '../../../protocol/codec/bytes.js';
import { renewalsDue } from '../../service/assign.js';
import type { Issuer } from '../../service/context.js';
import { warningTime } from '../../service/key-status.js';
import { listProducts } from '../../service/products.js';
import { stockCounts } from '../../service/stock.js';
import type { Db } from '../../store/database.js';
import type { Part } from '../views/common.js';
import type { DeskLineView, DeskView } from '../views/desk.js';
import { cursorOf, limitOf, partOf } from './paging.js';
import type { Paging } from './paging.js';

export async function showDesk(issuer: Issuer): Promise<DeskView> {
  const products = await listProducts(issuer);
  return {
    stock: [...(await stockCounts(issuer))],
    products: products.map(({ name, label, lifetimeYears, closed, parameters }) => ({
      name,
      label,
      lifetimeYears: lifetimeYears ?? null,
      closed,
      parametersVersion: parameters.version,
    })),
    renewalsDue: (await renewalsDue(issuer, warningTime.card)).length,
  };
}

/** Assigned to a holder and not issued yet, in the order of their serials: the list the desk works from, as often as it is needed. */
export async function deskLines(db: Db, paging: Paging): Promise<Part<DeskLineView>> {
  const after = cursorOf(paging, 1);
  const rows = await db
    .selectFrom('card_stock')
    .innerJoin('holder', 'holder.holder_id', 'card_stock.holder_id')
    .select(['card_stock.serial', 'card_stock.product', 'card_stock.replaces', 'card_stock.changed_at', 'holder.name'])
    .where('card_stock.state', '=', 'assigned')
    .$if(after !== undefined, (query) => query.where('card_stock.serial', '>', Buffer.from(after?.[0] ?? '', 'hex')))
    .orderBy('card_stock.serial')
    .limit(limitOf(paging) + 1)
    .execute();
  const serialOf = ({ serial }: { readonly serial: Uint8Array }): string => toHex(new Uint8Array(serial));
  return partOf(
    rows,
    paging,
    (row) => ({
      serial: serialOf(row),
      holder: row.name,
      product: row.product ?? '',
      replaces: row.replaces,
      assignedAt: Number(row.changed_at),
    }),
    (row) => [serialOf(row)],
  );
}
