/** How the scheme's keys stand: which are in use, what a rotation waits for, and what runs out. */
import { day } from '../../protocol/codec/time.js';
import { Authority, KeyRef, Role, authorityNames, roleNames } from '../../protocol/generated/enums.js';
import { keysOf } from '../../protocol/scheme.js';
import { schemeKey } from '../pki/keyring.js';
import { terminalsBefore } from './card-keys.js';
import type { Issuer } from './context.js';

/** Time before an end in which it is worth a word. */
export const warningTime = { terminal: 14 * day, card: 60 * day } as const;

export interface KeyStatus {
  readonly keys: readonly {
    readonly authority: string;
    /** In use; its successor is the next version. */
    readonly current: number;
    readonly next: number | undefined;
    /** Listed still, for what they signed. */
    readonly earlier: readonly number[];
    /** Cards in use that hold an earlier key in force, as far as they told; for keys that are on cards. */
    readonly cardsBehind: number | undefined;
    /** Terminals whose certificate is under an earlier key; cards switch when it is 0. */
    readonly terminalsBehind: number | undefined;
  }[];
  /** Terminals whose certificate runs out soon or has: POS within 90 days of their last renewal. */
  readonly terminals: readonly { readonly terminalId: string; readonly role: string; readonly expiry: number }[];
  /** Cards in use that end soon. */
  readonly cardsExpiring: number;
}

export async function keyStatus(issuer: Issuer): Promise<KeyStatus> {
  const authorities = [Authority.cardCa, Authority.terminalCa, Authority.posCa, Authority.credit, Authority.order];
  return {
    keys: await Promise.all(authorities.map((authority) => oneKey(issuer, authority))),
    terminals: await expiringTerminals(issuer),
    cardsExpiring: await expiringCards(issuer),
  };
}

async function oneKey(issuer: Issuer, authority: Authority): Promise<KeyStatus['keys'][number]> {
  const current = schemeKey(issuer.scheme, authority).keyId.version;
  const versions = keysOf(issuer.scheme, authority).map(({ keyId }) => keyId.version);
  return {
    authority: authorityNames[authority],
    current,
    next: versions.find((version) => version > current),
    earlier: versions.filter((version) => version < current),
    cardsBehind: await cardsBehind(issuer, authority, current),
    terminalsBehind: await terminalsBehind(issuer, authority, current),
  };
}

const column = {
  [Authority.terminalCa]: ['terminal_ca_version', KeyRef.terminalCa],
  [Authority.posCa]: ['pos_ca_version', KeyRef.posCa],
  [Authority.credit]: ['credit_version', KeyRef.credit],
} as const;

/** Whether a card has taken its first order under the next order key is known to the card alone: those cards are not counted. */
async function cardsBehind({ store }: Issuer, authority: Authority, current: number): Promise<number | undefined> {
  if (!(authority in column)) return undefined;
  const [versionOf, ref] = column[authority as keyof typeof column];
  const { count } = await store.db
    .selectFrom('card')
    .leftJoin('key_switch', (join) =>
      join
        .onRef('key_switch.card_id', '=', 'card.card_id')
        .on('key_switch.key_ref', '=', ref)
        .on('key_switch.taken_at', 'is not', null),
    )
    .select((select) => select.fn.countAll<bigint>().as('count'))
    .where('card.state', 'in', ['issued', 'active'])
    .where(`card.${versionOf}`, '<', current)
    .where('key_switch.card_id', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

function terminalsBehind(issuer: Issuer, authority: Authority, current: number): Promise<number> | undefined {
  switch (authority) {
    case Authority.terminalCa:
      return terminalsBefore(issuer, issuer.store.db, [Role.load, Role.perso], current);
    case Authority.posCa:
      return terminalsBefore(issuer, issuer.store.db, [Role.pos], current);
    default:
      return undefined;
  }
}

async function expiringTerminals({ store, clock }: Issuer): Promise<KeyStatus['terminals']> {
  const rows = await store.db
    .selectFrom('terminal')
    .select(['terminal_id', 'role', 'expiry'])
    .where('revoked_at', 'is', null)
    .where('expiry', '<', BigInt(clock() + warningTime.terminal))
    .orderBy('expiry')
    .limit(200)
    .execute();
  return rows.map(({ terminal_id, role, expiry }) => ({
    terminalId: terminal_id,
    role: roleNames[role as Role],
    expiry: Number(expiry),
  }));
}

/** Cards in use that end within {@link warningTime}. */
export async function expiringCards({ store, clock }: Issuer): Promise<number> {
  const { count } = await store.db
    .selectFrom('card')
    .select((select) => select.fn.countAll<bigint>().as('count'))
    .where('state', 'in', ['issued', 'active'])
    .where('expiry', '<', BigInt(clock() + warningTime.card))
    .executeTakeFirstOrThrow();
  return Number(count);
}
