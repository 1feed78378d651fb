/** Terminal certificates: LOAD and PERSO from the issuer's CA, POS from the acquirer's, with merchant, limits and 90 days at most. */
import { mkdirSync } from 'node:fs';
import { issueTerminalCertificate, posLifetime } from '../../protocol/certificates/terminal.js';
import { concat, toHex, u16, u32 } from '../../protocol/codec/bytes.js';
import { day } from '../../protocol/codec/time.js';
import type { Seconds } from '../../protocol/codec/time.js';
import { generatePrivateKey, pointOf } from '../../protocol/crypto/ecdsa.js';
import type { Random } from '../../protocol/crypto/random.js';
import { Authority, Role } from '../../protocol/generated/enums.js';
import type { UnitLimitFields } from '../../protocol/generated/structures.js';
import { keysOf } from '../../protocol/scheme.js';
import type { Scheme, SchemeKey } from '../../protocol/scheme.js';
import { replaceFile } from '../../terminal/files.js';
import type { Home } from '../../terminal/home.js';
import { writeEarlier, writeIdentity } from '../../terminal/identity.js';
import { readTlsKey, writeTls } from '../../terminal/tls.js';
import { schemeKey } from './keyring.js';
import type { Keyring } from './keyring.js';
import { certifyClient } from './tls.js';
import type { TlsAuthority } from './tls.js';
import { toPem } from './x509.js';

/** What a certificate is to say. */
export interface TerminalOrder {
  /** Folder below `terminals/`. */
  readonly name: string;
  readonly role: Role;
  /** 8 bytes. */
  readonly terminalId: Uint8Array;
  /** 4 bytes each; zero unless POS. */
  readonly acquirerId: Uint8Array;
  readonly merchantId: Uint8Array;
  readonly limits: readonly UnitLimitFields[];
}

export interface EnrolledTerminal {
  readonly name: string;
  readonly terminalId: Uint8Array;
  readonly role: Role;
  readonly expiry: Seconds;
  readonly certificate: Uint8Array;
}

/** Desks and kiosks stand with the issuer: two years. */
export const issuerTerminalLifetime: Seconds = 730 * day;

const none = new Uint8Array(4);

/** Desk, kiosk and POS of a new home. */
export function firstTerminals(scheme: Scheme, random: Random): readonly TerminalOrder[] {
  const id = (role: Role): Uint8Array => concat(u16(scheme.id), Uint8Array.of(role), random(5));
  return [
    { name: 'desk', role: Role.perso, terminalId: id(Role.perso), acquirerId: none, merchantId: none, limits: [] },
    { name: 'kiosk', role: Role.load, terminalId: id(Role.load), acquirerId: none, merchantId: none, limits: [] },
    {
      name: 'pos',
      role: Role.pos,
      terminalId: id(Role.pos),
      acquirerId: u32(1),
      merchantId: u32(1),
      limits: scheme.units.map(({ code, digits }) => ({
        unit: code,
        limit: digits === 0 ? 100_000 : 150 * 10 ** digits,
      })),
    },
  ];
}

/** What certifies terminals: for the card link, and for their connections. */
export interface Certifying {
  readonly keys: Keyring;
  readonly authority: TlsAuthority;
}

/** Makes the terminal's keys, certifies them, writes all to its folder and the certificate to the issuer's register. */
export function enrol(
  home: Home,
  scheme: Scheme,
  { keys, authority }: Certifying,
  order: TerminalOrder,
  now: Seconds,
): EnrolledTerminal {
  const privateKey = generatePrivateKey();
  const point = pointOf(privateKey);
  const enrolled = certify(scheme, keys, order, point, now);
  writeIdentity(home, order.name, privateKey, enrolled.certificate);
  writeEarlier(home, order.name, certifyEarlier(scheme, keys, order, point, now));
  connect(home, authority, enrolled, now);
  register(home, enrolled);
  return enrolled;
}

/** Certifies the key with which the terminal reaches the issuer, which it keeps where it has one. */
export function connect(
  home: Home,
  authority: TlsAuthority,
  { name, terminalId, role }: Pick<EnrolledTerminal, 'name' | 'terminalId' | 'role'>,
  now: Seconds,
): void {
  const privateKey = keptKey(home, name) ?? generatePrivateKey();
  const certificate = certifyClient(authority, { terminalId, role, point: pointOf(privateKey) }, now);
  writeTls(home, name, privateKey, toPem('CERTIFICATE', certificate), toPem('CERTIFICATE', authority.certificate));
}

/** A damaged file holds no key worth keeping. */
function keptKey(home: Home, name: string): Uint8Array | undefined {
  try {
    return readTlsKey(home, name);
  } catch {
    return undefined;
  }
}

/** @param point X ‖ Y of the terminal's key @param ca signs; the current one unless given */
export function certify(
  scheme: Scheme,
  keys: Keyring,
  order: TerminalOrder,
  point: Uint8Array,
  now: Seconds,
  ca: SchemeKey = schemeKey(scheme, caOf(order.role)),
): EnrolledTerminal {
  const expiry = now + (order.role === Role.pos ? posLifetime : issuerTerminalLifetime);
  const { name, ...fields } = order;
  const certificate = issueTerminalCertificate(
    { ...fields, authority: ca.keyId, point, effective: now, expiry },
    keys.signerOf(ca.keyId.authority, ca.keyId.version),
  );
  return { name, terminalId: order.terminalId, role: order.role, expiry, certificate };
}

/**
 * A second certificate under the CA key before the current one, for cards that were away when their CA key was switched; nothing
 * once the scheme has dropped that key.
 */
export function certifyEarlier(
  scheme: Scheme,
  keys: Keyring,
  order: TerminalOrder,
  point: Uint8Array,
  now: Seconds,
): Uint8Array | undefined {
  const earlier = keysOf(scheme, caOf(order.role)).at(-3);
  return earlier === undefined ? undefined : certify(scheme, keys, order, point, now, earlier).certificate;
}

function caOf(role: Role): Authority {
  return role === Role.pos ? Authority.posCa : Authority.terminalCa;
}

/** The issuer knows its terminals by their certificates, one file each. */
export function registerFolder(home: Home): string {
  return home.path('issuer', 'terminals');
}

export function register(
  home: Home,
  { terminalId, certificate }: Pick<EnrolledTerminal, 'terminalId' | 'certificate'>,
): void {
  mkdirSync(registerFolder(home), { recursive: true, mode: 0o700 });
  replaceFile(`${registerFolder(home)}/${toHex(terminalId)}.bin`, certificate, 0o644);
}
