/**
 * Which of its keys a card relies on. A card holds the key that was current when it was issued and that one's successor. The order
 * key: the issuer signs under the newer one from the day of the rotation, and the first such order retires the older on the card.
 * CA and credit keys change by a KEY SWITCH order, one at a visit, since it ends the session.
 */
import { sql } from 'kysely';
import { Authority, KeyRef, OrderType, Role } from '../../protocol/generated/enums.js';
import { parseTerminalCertificate } from '../../protocol/certificates/terminal.js';
import { orderParametersCodec } from '../../protocol/generated/structures.js';
import type { Signer } from '../../protocol/crypto/ecdsa.js';
import { schemeKey } from '../pki/keyring.js';
import type { CardRow } from '../store/card-rows.js';
import type { Db, Tx } from '../store/database.js';
import type { Issuer } from './context.js';

/** Of the keys that were current when a card was issued. */
export type Versions = Pick<CardRow, 'terminal_ca_version' | 'pos_ca_version' | 'credit_version' | 'order_version'>;

/** The versions a new card is given. */
export function issuedVersions({ scheme }: Pick<Issuer, 'scheme'>): Versions {
  const version = (authority: Authority): number => schemeKey(scheme, authority).keyId.version;
  return {
    terminal_ca_version: version(Authority.terminalCa),
    pos_ca_version: version(Authority.posCa),
    credit_version: version(Authority.credit),
    order_version: version(Authority.order),
  };
}

export interface OrderKey {
  readonly signer: Signer;
  /** P2 of PUT ORDER. */
  readonly keyIndex: 0 | 1;
  readonly version: number;
}

/**
 * The newest order key that the card holds and the scheme uses. A card that has missed two rotations takes orders under its own
 * successor as long as the issuer keeps that key.
 */
export function orderKey({ scheme, keys }: Issuer, card: Pick<CardRow, 'order_version'>): OrderKey {
  const current = schemeKey(scheme, Authority.order).keyId.version;
  const version = current > card.order_version ? card.order_version + 1 : card.order_version;
  return {
    signer: keys.signerOf(Authority.order, version),
    keyIndex: version > card.order_version ? 1 : 0,
    version,
  };
}

/** The credit key in force on the card, as far as its signed counters tell. */
export async function creditSigner(issuer: Issuer, db: Db, card: CardRow): Promise<Signer> {
  const switched = await hasSwitched(issuer, db, card, KeyRef.credit);
  return issuer.keys.signerOf(Authority.credit, card.credit_version + (switched ? 1 : 0));
}

const switchable = [
  { ref: KeyRef.credit, authority: Authority.credit, issued: (card: CardRow) => card.credit_version },
  { ref: KeyRef.terminalCa, authority: Authority.terminalCa, issued: (card: CardRow) => card.terminal_ca_version },
  { ref: KeyRef.posCa, authority: Authority.posCa, issued: (card: CardRow) => card.pos_ca_version },
] as const;

export type SwitchableKey = (typeof switchable)[number]['ref'];

/** The key that the card is to switch at this visit, if one is due. */
export async function dueSwitch(issuer: Issuer, tx: Tx, card: CardRow): Promise<SwitchableKey | undefined> {
  for (const { ref, authority, issued } of switchable) {
    if (schemeKey(issuer.scheme, authority).keyId.version <= issued(card)) continue;
    if (await hasSwitched(issuer, tx, card, ref)) continue;
    if (await maySwitch(issuer, tx, card, ref, issued(card) + 1)) return ref;
  }
  return undefined;
}

/** The order was made under this number; a KEY SWITCH made under it before was not taken, or the card would have counted on. */
export async function noteSwitchOrder(
  issuer: Issuer,
  tx: Tx,
  cardId: string,
  ref: SwitchableKey,
  number: number,
): Promise<void> {
  await tx
    .insertInto('key_switch')
    .values({ card_id: cardId, key_ref: ref, number, ordered_at: issuer.clock() })
    .onConflict((conflict) =>
      conflict
        .columns(['card_id', 'key_ref'])
        .doUpdateSet({ number, ordered_at: issuer.clock() })
        .where('key_switch.taken_at', 'is', null),
    )
    .execute();
}

/** Another order was made under this number: whichever was made last is what a card at that number has taken. */
export async function supersedeSwitches(tx: Tx, cardId: string, number: number, but?: SwitchableKey): Promise<void> {
  await tx
    .deleteFrom('key_switch')
    .where('card_id', '=', cardId)
    .where('number', '=', BigInt(number))
    .where('taken_at', 'is', null)
    .where('key_ref', '<>', but ?? -1)
    .execute();
}

/** The card has signed that it counted this far. */
export async function noteTaken(issuer: Issuer, tx: Tx, cardId: string, orderCounter: number): Promise<void> {
  await tx
    .updateTable('key_switch')
    .set({ taken_at: issuer.clock() })
    .where('card_id', '=', cardId)
    .where('number', '<=', BigInt(orderCounter))
    .where('taken_at', 'is', null)
    .execute();
}

/** The version of a parameter set that the card has certainly taken: no other order was made under its order's number. */
export async function noteParameters(tx: Tx, cardId: string, orderCounter: number): Promise<void> {
  const { rows } = await sql<{ body: Uint8Array }>`
    select body from card_order made
     where card_id = ${cardId} and type = ${OrderType.parameters} and number <= ${orderCounter}
       and not exists (select 1 from card_order other where other.card_id = made.card_id and other.number = made.number
                       and other.type not in (${OrderType.parameters}, ${OrderType.block}))
     order by number desc limit 1`.execute(tx);
  const [row] = rows;
  if (row === undefined) return;
  const { version } = orderParametersCodec.decode(new Uint8Array(row.body)).parameters;
  await tx
    .updateTable('card')
    .set({ parameters_version: version })
    .where('card_id', '=', cardId)
    .where('parameters_version', '<', version)
    .execute();
}

async function hasSwitched({ scheme }: Issuer, db: Db, card: CardRow, ref: SwitchableKey): Promise<boolean> {
  const key = switchable.find((one) => one.ref === ref);
  // no rotation since the card was issued: nothing to look up
  if (key === undefined || schemeKey(scheme, key.authority).keyId.version <= key.issued(card)) return false;
  const row = await db
    .selectFrom('key_switch')
    .select('taken_at')
    .where('card_id', '=', card.card_id)
    .where('key_ref', '=', ref)
    .executeTakeFirst();
  return row !== undefined && row.taken_at !== null;
}

async function maySwitch(issuer: Issuer, tx: Tx, card: CardRow, ref: SwitchableKey, to: number): Promise<boolean> {
  switch (ref) {
    case KeyRef.credit:
      return !(await loadUnderWay(tx, card.card_id));
    case KeyRef.terminalCa:
      return (await terminalsBefore(issuer, tx, [Role.load, Role.perso], to)) === 0;
    case KeyRef.posCa:
      return (await terminalsBefore(issuer, tx, [Role.pos], to)) === 0;
  }
}

/** An authorisation under the old credit key would be worth nothing after the switch. */
async function loadUnderWay(tx: Tx, cardId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('load')
    .select('counter')
    .where('card_id', '=', cardId)
    .where('state', 'in', ['asked', 'authorised'])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Terminals at work whose newest certificate is under an older CA key: cards would refuse them after the switch. */
export async function terminalsBefore(
  { clock }: Pick<Issuer, 'clock'>,
  db: Db,
  roles: readonly Role[],
  version: number,
): Promise<number> {
  const rows = await db
    .selectFrom('terminal')
    .select('certificate')
    .where('role', 'in', [...roles])
    .where('revoked_at', 'is', null)
    .where('expiry', '>', BigInt(clock()))
    .execute();
  return rows.filter(
    ({ certificate }) => parseTerminalCertificate(new Uint8Array(certificate)).authority.version < version,
  ).length;
}
