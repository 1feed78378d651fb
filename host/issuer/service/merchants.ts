/** The register of merchants: who they are and where their money goes. Every change is in the audit log. */
import type { Selectable } from 'kysely';
import { bicFlaw, compact, ibanFlaw } from '../payout/iban.js';
import type { Tx } from '../store/database.js';
import { holdMerchant, isHeld, releaseMerchant } from '../store/merchants.js';
import type { MerchantTable } from '../store/schema-cases.js';
import { recordAudit } from './audit.js';
import type { Actor } from './audit.js';
import { conflict, rejected } from './context.js';
import type { Issuer } from './context.js';

export interface MerchantEntry {
  /** Acquirer id and merchant id, 8 bytes in hexadecimal. */
  readonly merchant: string;
  readonly name: string;
  readonly iban: string | undefined;
  readonly bic: string | undefined;
  /** Pay-outs are held by a decision on a case. */
  readonly held: boolean;
}

export interface MerchantFields {
  readonly name?: string;
  readonly iban?: string;
  readonly bic?: string;
}

/** The same fields again change nothing. @throws IssuerError conflict, rejected */
export async function addMerchant(
  issuer: Issuer,
  actor: Actor,
  merchant: string,
  fields: MerchantFields,
): Promise<MerchantEntry> {
  const { name } = fields;
  if (name === undefined || name.trim() === '') throw rejected('A merchant has a name.');
  return issuer.store.transaction(async (tx) => {
    const before = await find(tx, merchant);
    if (before !== undefined) return sameMerchant(entryOf(before, await isHeld(tx, merchant)), fields);
    await write(tx, { merchant, name: '', iban: null, bic: null }, fields, issuer.clock());
    return changed(issuer, tx, actor, 'merchant-added', merchant);
  });
}

function sameMerchant(known: MerchantEntry, { name, iban, bic }: MerchantFields): MerchantEntry {
  const given = (text: string | undefined): string | undefined => (text === undefined ? undefined : compact(text));
  if (known.name === name?.trim() && known.iban === given(iban) && known.bic === given(bic)) return known;
  throw conflict(
    `The merchant ${known.merchant} is registered already, with other fields: change what is wrong there.`,
  );
}

/** What is not given stays. @throws IssuerError rejected */
export function setMerchant(
  issuer: Issuer,
  actor: Actor,
  merchant: string,
  fields: MerchantFields,
): Promise<MerchantEntry> {
  return issuer.store.transaction(async (tx) => {
    await write(tx, await registered(tx, merchant), fields, issuer.clock());
    return changed(issuer, tx, actor, 'merchant-changed', merchant);
  });
}

/** A person holds or releases pay-outs; releasing what nobody held is refused. @throws IssuerError rejected */
export function setHold(
  issuer: Issuer,
  actor: Actor,
  merchant: string,
  hold: { reason: string } | undefined,
): Promise<void> {
  return issuer.store.transaction(async (tx) => {
    if (hold !== undefined) await holdMerchant(tx, merchant, hold.reason, issuer.clock());
    else if (!(await releaseMerchant(tx, merchant, issuer.clock())))
      throw rejected(`The pay-outs of merchant ${merchant} are not held.`);
    const action = hold === undefined ? 'merchant-released' : 'merchant-held';
    const detail = hold === undefined ? {} : { reason: hold.reason };
    await recordAudit(tx, { at: issuer.clock(), actor, action, subject: `merchant/${merchant}`, detail });
  });
}

/** By id. */
export async function listMerchants({ store }: Issuer): Promise<MerchantEntry[]> {
  const rows = await store.db.selectFrom('merchant').selectAll().orderBy('merchant').execute();
  const held = await store.db.selectFrom('merchant_hold').select('merchant').where('released_at', 'is', null).execute();
  const holds = new Set(held.map(({ merchant }) => merchant));
  return rows.map((row) => entryOf(row, holds.has(row.merchant)));
}

async function changed(issuer: Issuer, tx: Tx, actor: Actor, action: string, merchant: string): Promise<MerchantEntry> {
  const entry = entryOf(await registered(tx, merchant), await isHeld(tx, merchant));
  const detail = { name: entry.name, iban: entry.iban, bic: entry.bic };
  await recordAudit(tx, { at: issuer.clock(), actor, action, subject: `merchant/${merchant}`, detail });
  return entry;
}

async function write(
  tx: Tx,
  before: Omit<Selectable<MerchantTable>, 'changed_at'>,
  { name, iban, bic }: MerchantFields,
  now: number,
): Promise<void> {
  if (!/^[0-9a-f]{16}$/.test(before.merchant))
    throw rejected('A merchant has 16 hexadecimal digits: acquirer and merchant id.');
  if (name !== undefined && (name.trim() === '' || name.length > 140))
    throw rejected('A name has 1 to 140 characters.');
  const row = {
    name: name?.trim() ?? before.name,
    iban: iban === undefined ? before.iban : checked(iban, ibanFlaw),
    bic: bic === undefined ? before.bic : checked(bic, bicFlaw),
    changed_at: now,
  };
  await tx
    .insertInto('merchant')
    .values({ merchant: before.merchant, ...row })
    .onConflict((conflict) => conflict.column('merchant').doUpdateSet(row))
    .execute();
}

function checked(text: string, flawOf: (text: string) => string | undefined): string {
  const flaw = flawOf(text);
  if (flaw !== undefined) throw rejected(flaw);
  return compact(text);
}

async function registered(tx: Tx, merchant: string): Promise<Selectable<MerchantTable>> {
  const row = await find(tx, merchant);
  if (row === undefined) throw rejected(`The merchant ${merchant} is not registered.`);
  return row;
}

function find(tx: Tx, merchant: string): Promise<Selectable<MerchantTable> | undefined> {
  return tx.selectFrom('merchant').selectAll().where('merchant', '=', merchant).forUpdate().executeTakeFirst();
}

function entryOf({ merchant, name, iban, bic }: Selectable<MerchantTable>, held: boolean): MerchantEntry {
  return { merchant, name, iban: iban ?? undefined, bic: bic ?? undefined, held };
}
