/** A whole scheme in memory: root, CAs, credit and order keys with their successors, and one terminal of each role. */
import { issueTerminalCertificate, parseTerminalCertificate } from '../../host/protocol/certificates/terminal.js';
import type { TerminalCertificateFields } from '../../host/protocol/certificates/terminal.js';
import { issueCardCertificate } from '../../host/protocol/certificates/card.js';
import { day } from '../../host/protocol/codec/time.js';
import type { Clock, Seconds } from '../../host/protocol/codec/time.js';
import { unitByName, units } from '../../host/protocol/codec/units.js';
import type { Signer } from '../../host/protocol/crypto/ecdsa.js';
import { Authority, KeyRef, Role } from '../../host/protocol/generated/enums.js';
import { keyDataCodec } from '../../host/protocol/generated/structures.js';
import type { KeyIdFields } from '../../host/protocol/generated/structures.js';
import { signScheme } from '../../host/protocol/scheme.js';
import type { Scheme, SchemeKey } from '../../host/protocol/scheme.js';
import type { Pair, PairStore, TerminalIdentity } from '../../host/protocol/session/session.js';
import { equalBytes, fromHex, toHex } from '../../host/protocol/codec/bytes.js';
import { parseCardCertificate } from '../../host/protocol/certificates/card.js';
import { bytesFor, signerFor } from './keys.js';

export const schemeId = 0x4550;

/** When everything in the tests begins: 2026-11-22T12:00:00Z. */
export const startTime: Seconds = 1_795_348_800;

/** A clock that stands still until it is moved. */
export class TestClock {
  now: Seconds = startTime;
  readonly read: Clock = () => this.now;

  advance(seconds: Seconds): void {
    this.now += seconds;
  }
}

export type AuthorityName = keyof typeof Authority;

/** Private halves, by authority and version (1 = current, 2 = successor). */
export function authoritySigner(authority: AuthorityName, version: 1 | 2 = 1): Signer {
  return signerFor(`${authority} ${version}`);
}

export function keyIdOf(authority: AuthorityName, version: 1 | 2 = 1): KeyIdFields {
  return { scheme: schemeId, authority: Authority[authority], version };
}

const rolesOf: Record<AuthorityName, number> = {
  cardCa: 0,
  terminalCa: Role.load | Role.perso,
  posCa: Role.pos,
  credit: 0,
  order: 0,
};

export function schemeKey(authority: AuthorityName, version: 1 | 2 = 1): SchemeKey {
  return {
    keyId: keyIdOf(authority, version),
    roles: rolesOf[authority],
    point: authoritySigner(authority, version).point,
  };
}

export const scheme: Scheme = signScheme(
  {
    id: schemeId,
    name: 'Test scheme',
    createdAt: startTime - day,
    units: units.slice(0, 3),
    keys: (Object.keys(Authority) as AuthorityName[]).flatMap((authority) => [
      schemeKey(authority, 1),
      schemeKey(authority, 2),
    ]),
  },
  signerFor('root'),
);

export const euro = unitByName('EUR');
export const dollar = unitByName('USD');
export const points = unitByName('PTS');

/** What STORE DATA puts onto a card, by key reference. */
export const cardKeys: readonly { readonly ref: KeyRef; readonly data: Uint8Array }[] = (
  [
    [KeyRef.terminalCa, 'terminalCa', 1],
    [KeyRef.terminalCaNext, 'terminalCa', 2],
    [KeyRef.posCa, 'posCa', 1],
    [KeyRef.posCaNext, 'posCa', 2],
    [KeyRef.credit, 'credit', 1],
    [KeyRef.creditNext, 'credit', 2],
    [KeyRef.order, 'order', 1],
    [KeyRef.orderNext, 'order', 2],
  ] as const
).map(([ref, authority, version]) => ({ ref, data: keyDataCodec.encode(schemeKey(authority, version)) }));

export interface TerminalOverrides extends Partial<TerminalCertificateFields> {
  /** Signs in place of the CA that should. */
  readonly ca?: Signer;
}

/** A terminal with its certificate; different names are different terminals. */
export function terminal(role: Role, name = 'one', overrides: TerminalOverrides = {}): TerminalIdentity {
  const { ca, ...fields } = overrides;
  const signer = signerFor(terminalKeyLabel(role, name));
  const authority = role === Role.pos ? 'posCa' : 'terminalCa';
  const isPos = role === Role.pos;
  const certificate = issueTerminalCertificate(
    {
      authority: keyIdOf(authority),
      terminalId: bytesFor(`terminal id ${role} ${name}`, 8),
      point: signer.point,
      role,
      acquirerId: isPos ? fromHex('41435131') : new Uint8Array(4),
      merchantId: isPos ? fromHex('4d455231') : new Uint8Array(4),
      limits: isPos ? [euro, dollar, points].map(({ code }) => ({ unit: code, limit: 100_00 })) : [],
      effective: startTime - 3600,
      expiry: startTime + 60 * day,
      ...fields,
    },
    ca ?? authoritySigner(authority),
  );
  return { certificate: parseTerminalCertificate(certificate), signer };
}

/** Names the private key of {@link terminal}. */
export function terminalKeyLabel(role: Role, name: string): string {
  return `terminal ${role} ${name}`;
}

/** Card certificate as the issuer makes it; five years unless told otherwise. */
export function cardCertificate(card: {
  readonly cardId: Uint8Array;
  readonly signPoint: Uint8Array;
  readonly agreePoint: Uint8Array;
  readonly keyVersion?: number;
  readonly effective?: Seconds;
  readonly expiry?: Seconds;
  readonly authority?: KeyIdFields;
  readonly ca?: Signer;
}): Uint8Array {
  const { ca = authoritySigner('cardCa'), ...fields } = card;
  return issueCardCertificate(
    { authority: keyIdOf('cardCa'), keyVersion: 1, effective: startTime, expiry: startTime + cardLifetime, ...fields },
    ca,
  );
}

/** Five years (R8). */
export const cardLifetime: Seconds = 5 * 365 * day;

/** Pairs in memory. */
export class MemoryPairs implements PairStore {
  readonly #pairs = new Map<string, Pair>();

  get size(): number {
    return this.#pairs.size;
  }

  find(name: Uint8Array): Promise<Pair | undefined> {
    return Promise.resolve(this.#pairs.get(toHex(name)));
  }

  save(pair: Pair): Promise<void> {
    const { cardId } = parseCardCertificate(pair.cardCertificate);
    for (const [name, other] of this.#pairs) {
      if (equalBytes(parseCardCertificate(other.cardCertificate).cardId, cardId)) this.#pairs.delete(name);
    }
    this.#pairs.set(toHex(pair.name), pair);
    return Promise.resolve();
  }

  /** As a terminal that lost its pairs. */
  clear(): void {
    this.#pairs.clear();
  }

  /** Spoils what is kept, as a defective disk or an attacker would. */
  spoil(change: (pair: Pair) => Pair): void {
    for (const [name, pair] of this.#pairs) this.#pairs.set(name, change(pair));
  }
}
