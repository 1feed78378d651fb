/**
 * The stock of raw cards: raw → assigned → issued → retired or lost; destroyed at any time. Once there is a stock, a card that is
 * not in it is not issued: a stolen blank of another delivery stays worthless.
 */
import { fromHex, toHex } from '../../protocol/codec/bytes.js';
import type { Db, Tx } from '../store/database.js';
import type { StockState } from '../store/schema.js';
import { recordAudit } from './audit.js';
import type { Actor } from './audit.js';
import { cardIdOf } from './card-id.js';
import { conflict, rejected } from './context.js';
import type { Issuer } from './context.js';
import { sameName } from './holders.js';
import { stockFollows } from './stock-state.js';

/** Most serials registered by one call. */
export const mostRegistered = 100_000;

/** All serials from one to another, both included. @throws IssuerError rejected */
export function serialRange(from: string, to: string): readonly Uint8Array[] {
  const [first, last] = [from, to].map((text) => BigInt(`0x${toHex(serialIn(text))}`));
  if (first === undefined || last === undefined || last < first) throw rejected('The range ends before it begins.');
  if (last - first >= BigInt(mostRegistered)) throw rejected(`A range has at most ${mostRegistered} serials.`);
  return Array.from({ length: Number(last - first) + 1 }, (_, i) =>
    fromHex((first + BigInt(i)).toString(16).padStart(16, '0')),
  );
}

/** @throws IssuerError rejected for anything but 16 hexadecimal digits */
export function serialIn(text: string): Uint8Array {
  const clean = text.replace(/\s/g, '').toLowerCase();
  if (!/^[0-9a-f]{16}$/.test(clean)) throw rejected(`"${text}" is not a serial: 16 hexadecimal digits.`);
  return fromHex(clean);
}

export interface Registered {
  readonly registered: number;
  /** Serials that were in the stock before; they are left as they are. */
  readonly known: number;
}

/** @param delivery name of the delivery, as on its papers @throws IssuerError rejected */
export async function registerStock(
  issuer: Issuer,
  actor: Actor,
  serials: readonly Uint8Array[],
  delivery: string,
): Promise<Registered> {
  if (serials.length === 0) throw rejected('No serial is named.');
  if (serials.length > mostRegistered) throw rejected(`At most ${mostRegistered} serials at once.`);
  if (delivery.trim() === '' || delivery.length > 80) throw rejected('A delivery has a name of at most 80 characters.');
  const now = issuer.clock();
  return issuer.store.transaction(async (tx) => {
    let registered = 0;
    for (let i = 0; i < serials.length; i += chunk) {
      const part = serials.slice(i, i + chunk);
      registered += await insertRaw(issuer, tx, part, delivery, now);
    }
    const detail = { delivery, registered, known: serials.length - registered };
    await recordAudit(tx, { at: now, actor, action: 'stock-registered', subject: `delivery/${delivery}`, detail });
    return { registered, known: serials.length - registered };
  });
}

const chunk = 1000;

/** A serial that was issued before the stock was kept enters as what it is. */
async function insertRaw(issuer: Issuer, tx: Tx, serials: readonly Uint8Array[], delivery: string, now: number) {
  const ids = serials.map((serial) => cardIdOf(issuer, serial));
  const issued = await tx.selectFrom('card').select('card_id').where('card_id', 'in', ids).execute();
  const known = new Set(issued.map(({ card_id }) => card_id));
  const rows = await tx
    .insertInto('card_stock')
    .values(
      serials.map((serial, i) => ({
        card_id: ids[i] ?? '',
        serial,
        state: known.has(ids[i] ?? '') ? ('issued' as const) : ('raw' as const),
        delivery,
        registered_at: now,
        changed_at: now,
      })),
    )
    .onConflict((clash) => clash.doNothing())
    .returning('card_id')
    .execute();
  if (rows.length < serials.length) await sameDelivery(tx, ids, delivery);
  return rows.length;
}

async function sameDelivery(tx: Tx, ids: readonly string[], delivery: string): Promise<void> {
  const other = await tx
    .selectFrom('card_stock')
    .select(['serial', 'delivery'])
    .where('card_id', 'in', ids)
    .where('delivery', '<>', delivery)
    .orderBy('serial')
    .limit(1)
    .executeTakeFirst();
  if (other === undefined) return;
  const serial = toHex(new Uint8Array(other.serial));
  throw conflict(`The serial ${serial} came with the delivery "${other.delivery}" before; nothing was registered.`);
}

/** A raw or retired card was shredded, or never arrived. @throws IssuerError rejected */
export async function destroyStock(issuer: Issuer, actor: Actor, serial: Uint8Array, reason: string): Promise<void> {
  const cardId = cardIdOf(issuer, serial);
  await issuer.store.transaction(async (tx) => {
    const row = await stockRow(tx, cardId);
    if (row === undefined) throw rejected(`The serial ${toHex(serial)} is not in the stock.`);
    if (row.state === 'issued')
      throw rejected(`The card ${cardId} is in use: it is retired or replaced first, so that its balance is not lost.`);
    await tx
      .updateTable('card_stock')
      .set({ state: 'destroyed', note: reason, changed_at: issuer.clock() })
      .where('card_id', '=', cardId)
      .execute();
    const detail = { serial, was: row.state, reason };
    await recordAudit(tx, { at: issuer.clock(), actor, action: 'card-destroyed', subject: `card/${cardId}`, detail });
  });
}

export interface Assigned {
  readonly holder: string;
  readonly product: string;
}

/**
 * A card is about to be issued. With a stock it has to be in it, raw or assigned to whom the desk names.
 *
 * @returns for whom and as what it was assigned
 * @throws IssuerError rejected
 */
export async function takeFromStock(
  issuer: Issuer,
  tx: Tx,
  cardId: string,
  holder: string,
): Promise<Assigned | undefined> {
  const row = await stockRow(tx, cardId);
  if (row === undefined) {
    if (await stockIsKept(tx)) throw rejected('The serial of this raw card is not in the stock.');
    return undefined;
  }
  const usable = row.state === 'raw' || row.state === 'assigned';
  if (!usable) throw rejected(`The serial of this raw card is ${row.state} in the stock: it is not issued again.`);
  const assigned = await assignmentOf(tx, row, holder);
  await stockFollows(issuer, tx, cardId, 'issued');
  return assigned;
}

interface StockRow {
  readonly state: StockState;
  readonly holder_id: string | null;
  readonly product: string | null;
}

async function assignmentOf(tx: Tx, row: StockRow, holder: string): Promise<Assigned | undefined> {
  const { holder_id, product } = row;
  if (row.state !== 'assigned' || holder_id === null || product === null) return undefined;
  const { name } = await tx
    .selectFrom('holder')
    .select('name')
    .where('holder_id', '=', holder_id)
    .executeTakeFirstOrThrow();
  if (!sameName(name, holder)) throw rejected('This raw card is assigned to somebody else.');
  return { holder: holder_id, product };
}

function stockRow(tx: Tx, cardId: string): Promise<StockRow | undefined> {
  return tx
    .selectFrom('card_stock')
    .select(['state', 'holder_id', 'product'])
    .where('card_id', '=', cardId)
    .forUpdate()
    .executeTakeFirst();
}

async function stockIsKept(db: Db): Promise<boolean> {
  return (await db.selectFrom('card_stock').select('card_id').limit(1).executeTakeFirst()) !== undefined;
}

export interface StockCount {
  readonly delivery: string;
  readonly state: StockState;
  readonly count: number;
}

/** How many cards of each delivery are in which state. */
export async function stockCounts({ store }: Issuer): Promise<readonly StockCount[]> {
  const rows = await store.db
    .selectFrom('card_stock')
    .select(['delivery', 'state'])
    .select((select) => select.fn.countAll<bigint>().as('count'))
    .groupBy(['delivery', 'state'])
    .orderBy('delivery')
    .orderBy('state')
    .execute();
  return rows.map(({ delivery, state, count }) => ({ delivery, state, count: Number(count) }));
}
