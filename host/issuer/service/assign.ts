/**
 * Orders for the card desk, from a file: whom a card is for, and as which product. The whole file is checked before anything is
 * done; then each order is given a card of the stock, and the desk gets a list that names serial and holder.
 */
import { fromHex, toHex } from '../../protocol/codec/bytes.js';
import { csvLine } from '../../protocol/codec/csv.js';
import { counted } from '../../terminal/counted.js';
import type { Tx } from '../store/database.js';
import { recordAudit } from './audit.js';
import type { Actor } from './audit.js';
import { cardIdOf } from './card-id.js';
import { rejected } from './context.js';
import type { Issuer } from './context.js';
import { ensureHolder, nameFlaw, sameName } from './holders.js';
import { standardProduct } from './parameters.js';

/** One line of the file; empty text where it says nothing. */
export interface CardOrder {
  readonly line: number;
  readonly holder: string;
  readonly holderId: string;
  readonly product: string;
  readonly serial: string;
  /** Lost card that this one replaces. */
  readonly replaces: string;
}

export interface OrderFault {
  readonly line: number;
  readonly field: string;
  readonly message: string;
}

/** What the desk works from. */
export interface DeskLine {
  readonly serial: string;
  readonly holder: string;
  readonly product: string;
  readonly replaces: string;
}

/** Most orders in one file. */
export const mostOrders = 10_000;

/** @returns the list for the desk, or every fault of the file; then nothing was done @throws IssuerError rejected */
export async function assignCards(
  issuer: Issuer,
  actor: Actor,
  orders: readonly CardOrder[],
): Promise<{ readonly lines: readonly DeskLine[] } | { readonly faults: readonly OrderFault[] }> {
  if (orders.length === 0) throw rejected('The file orders no card.');
  if (orders.length > mostOrders) throw rejected(`A file orders at most ${mostOrders} cards.`);
  return issuer.store.transaction(async (tx) => {
    const stock = await rawStock(tx);
    const faults = await faultsOf(issuer, tx, orders, stock);
    if (faults.length > 0) return { faults };
    const lines = await assign(issuer, tx, orders, stock);
    const at = issuer.clock();
    await recordAudit(tx, { at, actor, action: 'cards-assigned', subject: 'stock', detail: { cards: lines.length } });
    return { lines };
  });
}

/** Raw cards by serial, under a lock: two files never get one card. */
async function rawStock(tx: Tx): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('card_stock')
    .select('serial')
    .where('state', '=', 'raw')
    .orderBy('serial')
    .limit(mostOrders * 2)
    .forUpdate()
    .execute();
  return new Set(rows.map(({ serial }) => toHex(new Uint8Array(serial))));
}

async function faultsOf(
  issuer: Issuer,
  tx: Tx,
  orders: readonly CardOrder[],
  stock: ReadonlySet<string>,
): Promise<readonly OrderFault[]> {
  const products = await tx.selectFrom('product').select('name').where('closed_at', 'is', null).execute();
  const open = new Set(products.map(({ name }) => name));
  const faults: OrderFault[] = [];
  const serials = new Set<string>();
  for (const order of orders) {
    const fault = (field: string, message: string): void => void faults.push({ line: order.line, field, message });
    if (order.product !== '' && !open.has(order.product))
      fault('product', `There is no product "${order.product}" that new cards may be of.`);
    if (order.serial !== '') {
      if (!(stock.has(order.serial) || (await isRaw(issuer, tx, order.serial))))
        fault('serial', `The serial "${order.serial}" is not a raw card of the stock.`);
      if (serials.has(order.serial)) fault('serial', `The serial ${order.serial} stands in the file twice.`);
      serials.add(order.serial);
    }
    const holder = await holderFault(tx, order);
    if (holder !== undefined) fault(...holder);
  }
  const wanted = orders.filter(({ serial }) => serial === '').length;
  const free = [...stock].filter((serial) => !serials.has(serial)).length;
  if (wanted > free)
    faults.push({
      line: 0,
      field: 'serial',
      message: `${counted(wanted, 'card is', 'cards are')} ordered, and ${counted(free, 'raw one is', 'raw ones are')} in the stock.`,
    });
  return faults;
}

async function isRaw(issuer: Issuer, tx: Tx, serial: string): Promise<boolean> {
  if (!/^[0-9a-f]{16}$/.test(serial)) return false;
  const row = await tx
    .selectFrom('card_stock')
    .select('state')
    .where('card_id', '=', cardIdOf(issuer, fromHex(serial)))
    .executeTakeFirst();
  return row?.state === 'raw';
}

async function holderFault(tx: Tx, order: CardOrder): Promise<[string, string] | undefined> {
  const { holder, holderId, replaces } = order;
  const flaw = holder === '' ? 'Nobody is named.' : nameFlaw(holder);
  if (flaw !== undefined) return ['holder', flaw];
  if (holderId !== '') {
    const known = await tx.selectFrom('holder').select('name').where('holder_id', '=', holderId).executeTakeFirst();
    if (known === undefined) return ['holder_id', `There is no holder ${holderId}.`];
    if (!sameName(known.name, holder)) return ['holder', `The holder ${holderId} has another name.`];
  }
  if (replaces === '') return undefined;
  const lost = await tx
    .selectFrom('card')
    .innerJoin('holder', 'holder.holder_id', 'card.holder_id')
    .select(['card.state', 'card.holder_id', 'holder.name'])
    .where('card_id', '=', replaces)
    .executeTakeFirst();
  if (lost === undefined) return ['replaces', `The card ${replaces} was never issued here.`];
  if (lost.state !== 'active' && lost.state !== 'issued')
    return ['replaces', `The card ${replaces} is ${lost.state}: it cannot be replaced.`];
  const same = holderId === '' ? sameName(lost.name, holder) : lost.holder_id === holderId;
  return same ? undefined : ['replaces', `The card ${replaces} belongs to somebody else.`];
}

async function assign(
  issuer: Issuer,
  tx: Tx,
  orders: readonly CardOrder[],
  stock: ReadonlySet<string>,
): Promise<DeskLine[]> {
  const named = new Set(orders.map(({ serial }) => serial));
  const free = [...stock].filter((serial) => !named.has(serial)).values();
  const lines: DeskLine[] = [];
  for (const order of orders) {
    const serial = order.serial === '' ? (free.next().value ?? '') : order.serial;
    const cardId = cardIdOf(issuer, fromHex(serial));
    const product = order.product === '' ? standardProduct : order.product;
    await tx
      .updateTable('card_stock')
      .set({
        state: 'assigned',
        holder_id: await holderOf(tx, order, cardId),
        product,
        replaces: order.replaces === '' ? null : order.replaces,
        changed_at: issuer.clock(),
      })
      .where('card_id', '=', cardId)
      .execute();
    lines.push({ serial, holder: order.holder, product, replaces: order.replaces });
  }
  return lines;
}

async function holderOf(tx: Tx, { holderId, holder, replaces }: CardOrder, cardId: string): Promise<string> {
  if (holderId !== '') return holderId;
  if (replaces === '') return ensureHolder(tx, holder, cardId);
  const { holder_id } = await tx
    .selectFrom('card')
    .select('holder_id')
    .where('card_id', '=', replaces)
    .executeTakeFirstOrThrow();
  return holder_id;
}

/** As `personalize --batch` reads it. */
export function deskList(lines: readonly DeskLine[]): string {
  const rows = lines.map(({ serial, holder, product, replaces }) => csvLine([serial, holder, product, replaces]));
  return `${['serial,holder,product,replaces', ...rows].join('\n')}\n`;
}

export interface Renewal {
  readonly cardId: string;
  readonly holderId: string;
  readonly holder: string;
  readonly product: string;
  readonly expiry: number;
}

/**
 * Cards in use that end within so many seconds and whose holder has no later card of the product and none assigned; soonest
 * first. Renewal is a new card; the old one is used up or retired at the desk.
 */
export async function renewalsDue({ store, clock }: Issuer, within: number, most = 5000): Promise<readonly Renewal[]> {
  const rows = await store.db
    .selectFrom('card as old')
    .innerJoin('holder', 'holder.holder_id', 'old.holder_id')
    .select(['old.card_id', 'old.holder_id', 'old.product', 'old.expiry', 'holder.name'])
    .where('old.state', 'in', ['issued', 'active'])
    .where('old.fault', 'is', null)
    .where('old.expiry', '<', BigInt(clock() + within))
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('card as later')
            .select('later.card_id')
            .whereRef('later.holder_id', '=', 'old.holder_id')
            .whereRef('later.product', '=', 'old.product')
            .whereRef('later.expiry', '>', 'old.expiry')
            .where('later.state', 'in', ['issued', 'active']),
        ),
      ),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('card_stock')
            .select('card_stock.card_id')
            .whereRef('card_stock.holder_id', '=', 'old.holder_id')
            .whereRef('card_stock.product', '=', 'old.product')
            .where('card_stock.state', '=', 'assigned'),
        ),
      ),
    )
    .orderBy('old.expiry')
    .orderBy('old.card_id')
    .limit(most)
    .execute();
  return rows.map(({ card_id, holder_id, product, expiry, name }) => ({
    cardId: card_id,
    holderId: holder_id,
    holder: name,
    product,
    expiry: Number(expiry),
  }));
}
