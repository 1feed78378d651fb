/** The card desk: what is in stock, and which cards wait for their holders. */
import { renewalsDue } from '../../service/assign.js';
import { assignedCards } from '../../service/assigned.js';
import { rejected } from '../../service/context.js';
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

/** Assigned to a holder and not issued yet, in the order of their serials. @throws IssuerError rejected */
export async function deskLines(db: Db, paging: Paging): Promise<Part<DeskLineView>> {
  const [after] = cursorOf(paging, 1) ?? [];
  if (after !== undefined && !/^[0-9a-f]{16}$/.test(after)) throw rejected('The cursor is not one of this list.');
  const cards = await assignedCards(db, { after, most: limitOf(paging) + 1 });
  return partOf(
    cards,
    paging,
    ({ replaces, ...card }) => ({ ...card, replaces: replaces === '' ? null : replaces }),
    ({ serial }) => [serial],
  );
}
