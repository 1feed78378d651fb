/** Products: what a kind of card is called, how long it lives, and which limits it carries (its parameter sets, versioned). */
import { cancelOrders } from '../../protocol/generated/parameters.js';
import { parametersCodec } from '../../protocol/generated/structures.js';
import type { ParametersFields } from '../../protocol/generated/structures.js';
import type { Db, Tx } from '../store/database.js';
import { recordAudit } from './audit.js';
import type { Actor } from './audit.js';
import { conflict, rejected } from './context.js';
import type { Issuer } from './context.js';
import { currentParameters, standardProduct } from './parameters.js';

export interface Product {
  readonly name: string;
  readonly label: string;
  /** Undefined: as the policy has it. */
  readonly lifetimeYears: number | undefined;
  readonly closed: boolean;
  readonly parameters: ParametersFields;
}

export async function listProducts({ store }: Issuer): Promise<readonly Product[]> {
  const rows = await store.db.selectFrom('product').selectAll().orderBy('name').execute();
  return Promise.all(
    rows.map(async ({ name, label, lifetime_years, closed_at }) => ({
      name,
      label,
      lifetimeYears: lifetime_years ?? undefined,
      closed: closed_at !== null,
      parameters: (await currentParameters(store.db, name)).fields,
    })),
  );
}

/** A product that new cards may be of. @throws IssuerError rejected */
export async function openProduct(db: Db, name: string) {
  const row = await db.selectFrom('product').selectAll().where('name', '=', name).executeTakeFirst();
  if (row === undefined) throw rejected(`There is no product "${name}".`);
  if (row.closed_at !== null) throw rejected(`The product "${name}" is closed: no new cards are issued as it.`);
  return row;
}

/** A new product begins with the standard's limits. The same again changes nothing. @throws IssuerError conflict, rejected */
export async function createProduct(
  issuer: Issuer,
  actor: Actor,
  { name, label, lifetimeYears }: { readonly name: string; readonly label: string; readonly lifetimeYears?: number },
): Promise<void> {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) throw rejected('A product is named by small letters, digits and hyphens.');
  if (label.trim() === '' || label.length > 80) throw rejected('A product has a label of at most 80 characters.');
  const years = lifetimeYears ?? null;
  if (years !== null && (!Number.isInteger(years) || years < 1 || years > 20))
    throw rejected('A card lives 1 to 20 years.');
  await issuer.store.transaction(async (tx) => {
    const row = await tx
      .insertInto('product')
      .values({ name, label: label.trim(), lifetime_years: years, since: issuer.clock() })
      .onConflict((conflict) => conflict.doNothing())
      .returning('name')
      .executeTakeFirst();
    if (row === undefined) return sameProduct(tx, name, label.trim(), years);
    const detail = { label: label.trim(), lifetimeYears: years };
    await recordAudit(tx, { at: issuer.clock(), actor, action: 'product-created', subject: `product/${name}`, detail });
  });
}

async function sameProduct(tx: Tx, name: string, label: string, years: number | null): Promise<void> {
  const known = await tx.selectFrom('product').selectAll().where('name', '=', name).executeTakeFirstOrThrow();
  if (known.closed_at !== null || known.label !== label || known.lifetime_years !== years)
    throw conflict(`There is a product "${name}" already, and it is another.`);
}

/** No new cards of it; those in hands go on. @throws IssuerError rejected */
export async function closeProduct(issuer: Issuer, actor: Actor, name: string): Promise<void> {
  if (name === standardProduct) throw rejected('The standard product stays open.');
  await issuer.store.transaction(async (tx) => {
    await openProduct(tx, name);
    const at = issuer.clock();
    await tx.updateTable('product').set({ closed_at: at }).where('name', '=', name).execute();
    await recordAudit(tx, { at, actor, action: 'product-closed', subject: `product/${name}`, detail: {} });
  });
}

/** What an operator may set: everything but the version and the points step of the loyalty slot. */
export type ParameterChange = Omit<ParametersFields, 'version'>;

/**
 * A new parameter set for a product, under the next version of all sets, so that a card's version names one set. Cards take it
 * at their next synchronisation, signed for each.
 *
 * @returns its version
 * @throws IssuerError rejected
 */
export async function setParameters(
  issuer: Issuer,
  actor: Actor,
  product: string,
  change: ParameterChange,
): Promise<number> {
  checkParameters(issuer, change);
  return issuer.store.transaction(async (tx) => {
    await openProduct(tx, product);
    const before = await currentParameters(tx, product);
    const version = await nextVersion(tx);
    const parameters = parametersCodec.encode({ ...change, version });
    const at = issuer.clock();
    await tx.insertInto('parameter_set').values({ version, parameters, since: at, product }).execute();
    const detail = { version, before: before.version, parameters };
    await recordAudit(tx, { at, actor, action: 'parameters-set', subject: `product/${product}`, detail });
    return version;
  });
}

async function nextVersion(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('parameter_set')
    .select('version')
    .orderBy('version', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (row.version >= 0xffff) throw rejected('The parameter sets have had all their versions.');
  return row.version + 1;
}

/** What a card would refuse, or what makes no purse. */
function checkParameters({ scheme }: Issuer, { slots, offlineCount, cancelsBetweenSyncs }: ParameterChange): void {
  if (slots.length !== scheme.units.length) throw rejected(`A card has ${scheme.units.length} slots.`);
  if (!inRange(offlineCount, 1, 255)) throw rejected('offlineCount is out of range: 1 to 255 payments between syncs.');
  if (!inRange(cancelsBetweenSyncs, 0, cancelOrders))
    throw rejected(`cancelsBetweenSyncs is out of range: a card keeps at most ${cancelOrders} cancel orders.`);
  for (const [i, slot] of slots.entries()) {
    const name = scheme.units[i]?.name ?? `slot ${i}`;
    if (slot.maxTransaction > slot.maxBalance) throw rejected(`${name}: maxTransaction exceeds maxBalance.`);
    if (slot.pinlessSingle > slot.maxTransaction) throw rejected(`${name}: pinlessSingle exceeds maxTransaction.`);
    if (slot.pinlessSum < slot.pinlessSingle) throw rejected(`${name}: pinlessSum is below pinlessSingle.`);
    const wrong = Object.entries<number>(slot as never).find(([, value]) => !inRange(value, 0, 0x7fff_ffff));
    if (wrong !== undefined) throw rejected(`${name}: ${wrong[0]} is out of range.`);
  }
}

function inRange(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
