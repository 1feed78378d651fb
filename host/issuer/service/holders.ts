/** Holders, as far as limits and pay-outs need them. Without a name a card has a holder of its own and no account. */
import { createHash, randomBytes } from 'node:crypto';
import { money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import type { Tx } from '../store/database.js';
import { recordAudit } from './audit.js';
import type { Actor } from './audit.js';
import { rejected } from './context.js';
import type { Issuer } from './context.js';

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

/** The holder of a card, if this is his name: two people of one name are told apart by the card that is replaced. */
export async function holderOfCard(tx: Tx, cardId: string, name: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('card')
    .innerJoin('holder', 'holder.holder_id', 'card.holder_id')
    .select(['holder.holder_id', 'holder.name'])
    .where('card_id', '=', cardId)
    .executeTakeFirst();
  return row !== undefined && sameName(row.name, name) ? row.holder_id : undefined;
}

/** As people compare names: spaces, case and ways to write an accent do not count. */
export function sameName(a: string, b: string): boolean {
  return folded(a) === folded(b);
}

function folded(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
}

const longestName = 80;

/**
 * One sentence on what is wrong with a name, or undefined. Lists of names are opened in spreadsheets, and desk lists are read again, so a
 * name that would be a formula there (CWE-1236) is refused at the door in place of being changed on the way out.
 */
export function nameFlaw(name: string): string | undefined {
  if (name.length > longestName || /\p{Cc}/u.test(name))
    return `A holder's name has at most ${longestName} characters, and no control characters.`;
  if (/^\s*[=+\-@]/.test(name)) return 'A name begins with no =, +, - or @: a spreadsheet would calculate it.';
  return undefined;
}

export interface HolderFields {
  /** 1 to 80 characters. */
  readonly name: string;
  /** Where unloads and closing balances are paid to. */
  readonly account?: string | null;
  /** The operator's own number for this person. */
  readonly reference?: string | null;
  readonly note?: string;
}

export interface Holder extends Required<HolderFields> {
  readonly id: string;
  readonly since: number;
}

/** Two holders may have one name: each gets an id of its own. @returns its id @throws IssuerError rejected */
export async function createHolder(issuer: Issuer, actor: Actor, fields: HolderFields): Promise<string> {
  const { name, ...rest } = checked(fields);
  const id = randomBytes(8).toString('hex');
  const at = issuer.clock();
  await issuer.store.transaction(async (tx) => {
    await tx
      .insertInto('holder')
      .values({ holder_id: id, name: name ?? '', account: rest.account ?? null, since: at, ...rest })
      .execute();
    // the log is for ever, and names are not for it
    await recordAudit(tx, { at, actor, action: 'holder-created', subject: `holder/${id}`, detail: {} });
  });
  return id;
}

/** Fields that are left out stay as they are. @throws IssuerError rejected */
export async function editHolder(
  issuer: Issuer,
  actor: Actor,
  id: string,
  fields: Partial<HolderFields>,
): Promise<void> {
  const change = checked(fields);
  if (Object.keys(change).length === 0) throw rejected('Nothing is to be changed.');
  await issuer.store.transaction(async (tx) => {
    const row = await tx
      .updateTable('holder')
      .set(change)
      .where('holder_id', '=', id)
      .returning('holder_id')
      .executeTakeFirst();
    if (row === undefined) throw rejected(`There is no holder ${id}.`);
    const detail = { changed: Object.keys(change).sort() };
    await recordAudit(tx, { at: issuer.clock(), actor, action: 'holder-changed', subject: `holder/${id}`, detail });
  });
}

/** By part of the name, the operator's number, or the id; by name. */
export async function searchHolders({ store }: Issuer, text: string, most = 50): Promise<readonly Holder[]> {
  const literal = text.trim().replace(/[\\%_]/g, '\\$&');
  const rows = await store.db
    .selectFrom('holder')
    .selectAll()
    .where('name', '<>', '')
    .where((where) =>
      where.or([
        where('name', 'ilike', `%${literal}%`),
        where('reference', '=', text.trim()),
        where('holder_id', '=', text.trim().toLowerCase()),
      ]),
    )
    .orderBy('name')
    .orderBy('holder_id')
    .limit(most)
    .execute();
  return rows.map(({ holder_id, name, account, reference, note, since }) => ({
    id: holder_id,
    name,
    account,
    reference,
    note,
    since: Number(since),
  }));
}

/** All cards of a holder, newest first, with what a replaced one left to its successor and nobody loaded yet. */
export async function cardsOfHolder({ store }: Issuer, id: string) {
  const rows = await store.db
    .selectFrom('card')
    .select(['card_id', 'state', 'product', 'issued_at', 'expiry', 'replaced_by'])
    .where('holder_id', '=', id)
    .orderBy('issued_at', 'desc')
    .execute();
  const left = await store.db
    .selectFrom('card')
    .innerJoin('card_slot', 'card_slot.card_id', 'card.card_id')
    .select(['card.card_id', 'card_slot.unit', 'card_slot.balance'])
    .where('card.holder_id', '=', id)
    .where('card.replaced_by', 'is not', null)
    .where('card_slot.balance', '>', 0n)
    .orderBy('card_slot.slot')
    .execute();
  return rows.map(({ card_id, state, product, issued_at, expiry, replaced_by }) => ({
    cardId: card_id,
    state,
    product,
    issuedAt: Number(issued_at),
    expiry: Number(expiry),
    replacedBy: replaced_by ?? undefined,
    left: left.filter((slot) => slot.card_id === card_id).map((slot) => money(slot.balance, unitByCode(slot.unit))),
  }));
}

function checked(fields: Partial<HolderFields>): Partial<Record<'name' | 'note', string>> & {
  account?: string | null;
  reference?: string | null;
} {
  const { name, account, reference, note } = fields;
  const text = (what: string, value: string, least: number, most: number): string => {
    const clean = value.normalize('NFC').trim().replace(/\s+/g, ' ');
    if (clean.length >= least && clean.length <= most && !/\p{Cc}/u.test(clean)) return clean;
    throw rejected(`The ${what} of a holder has ${least} to ${most} characters.`);
  };
  const orNull = (what: string, value: string | null, most: number): string | null =>
    value === null || value.trim() === '' ? null : text(what, value, 1, most);
  const flaw = name === undefined ? undefined : nameFlaw(name);
  if (flaw !== undefined) throw rejected(flaw);
  return {
    ...(name === undefined ? {} : { name: text('name', name, 1, longestName) }),
    ...(account === undefined ? {} : { account: orNull('account', account, 80) }),
    ...(reference === undefined ? {} : { reference: orNull('number', reference, 40) }),
    ...(note === undefined ? {} : { note: text('note', note, 0, 400) }),
  };
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
