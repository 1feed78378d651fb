/**
 * HTTPS between terminals and the issuer: the back office's own CA (P-256, in `issuer/tls-keys.json`), the server's certificate,
 * and a client certificate for each terminal over a key of its own. Decision 0010 says why this stands beside the card link's
 * certificates.
 */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { toHex } from '../../protocol/codec/bytes.js';
import { day } from '../../protocol/codec/time.js';
import type { Seconds } from '../../protocol/codec/time.js';
import { generatePrivateKey, pointOf } from '../../protocol/crypto/ecdsa.js';
import type { Signer } from '../../protocol/crypto/ecdsa.js';
import { nativePrivateKey, nativePublicKey, nativeSigner } from '../../protocol/crypto/native.js';
import { roleNames } from '../../protocol/generated/enums.js';
import type { Role } from '../../protocol/generated/enums.js';
import { readIfThere, replaceFile } from '../../terminal/files.js';
import type { Home } from '../../terminal/home.js';
import { readKeys, writeKeys } from './key-files.js';
import type { SealedPlace } from './key-files.js';
import { KeyringError } from './errors.js';
import { needsSecret } from './party-keys.js';
import { ensureUnlockSecret, unlocking } from './unlock.js';
import type { Unlocking } from './unlock.js';
import { issueX509, toPem } from './x509.js';
import type { Subject } from './x509.js';

/** The CA outlives the cards it serves once over; renewing it means enrolling every terminal anew. */
export const authorityLifetime: Seconds = 3650 * day;
/** As long as a POS certificate of the card link: both are renewed at once. */
export const clientLifetime: Seconds = 90 * day;
export const serverLifetime: Seconds = 90 * day;
/** A server's certificate is made anew this long before it runs out. */
export const serverRenewal: Seconds = 30 * day;
/** A terminal's clock may be behind the CA's by this much. */
const clockSlack: Seconds = 300;

/** The back office's CA. */
export interface TlsAuthority {
  readonly scheme: number;
  readonly signer: Signer;
  /** DER. */
  readonly certificate: Uint8Array;
}

export interface TlsClient {
  readonly terminalId: Uint8Array;
  readonly role: Role;
  /** X ‖ Y of the key that opens connections. */
  readonly point: Uint8Array;
}

/** Key and certificate as node:tls takes them. */
export interface TlsCredentials {
  readonly key: string;
  readonly cert: string;
  /** The CA's certificate. */
  readonly ca: string;
}

export function schemeName(scheme: number): string {
  return `epurse scheme ${scheme}`;
}

function authoritySubject(scheme: number): Subject {
  return { organization: schemeName(scheme), common: 'back office CA' };
}

/** A self-signed CA over a key. */
export function makeAuthority(scheme: number, signer: Signer, now: Seconds): TlsAuthority {
  const subject = authoritySubject(scheme);
  const validity = { effective: now - clockSlack, expiry: now + authorityLifetime };
  const purpose = { kind: 'authority' } as const;
  const order = { subject, issuer: subject, point: signer.point, purpose, ...validity };
  return { scheme, signer, certificate: issueX509(order, signer) };
}

/** @returns DER */
export function certifyClient(
  authority: TlsAuthority,
  { terminalId, role, point }: TlsClient,
  now: Seconds,
  lifetime = clientLifetime,
): Uint8Array {
  const subject = {
    organization: schemeName(authority.scheme),
    unit: roleNames[role],
    common: toHex(terminalId),
  };
  return leaf(authority, subject, point, { kind: 'client' }, now, lifetime);
}

/** @param names host names and addresses under which terminals reach the server @returns DER */
export function certifyServer(
  authority: TlsAuthority,
  point: Uint8Array,
  names: readonly string[],
  now: Seconds,
): Uint8Array {
  const subject = { organization: schemeName(authority.scheme), common: 'issuer' };
  return leaf(authority, subject, point, { kind: 'server', names }, now, serverLifetime);
}

function leaf(
  { scheme, signer, certificate }: TlsAuthority,
  subject: Subject,
  point: Uint8Array,
  purpose: Parameters<typeof issueX509>[0]['purpose'],
  now: Seconds,
  lifetime: Seconds,
): Uint8Array {
  const last = Date.parse(new X509Certificate(certificate).validTo) / 1000;
  const validity = { effective: now - clockSlack, expiry: Math.min(now + lifetime, last) };
  return issueX509({ subject, issuer: authoritySubject(scheme), point, purpose, ...validity }, signer);
}

/** The two keys in `issuer/tls-keys.json`, sealed like the issuer's others. */
const wanted = [
  { name: 'tlsCa', version: 1 },
  { name: 'tlsServer', version: 1 },
] as const;

/** What a home needs for HTTPS: its CA, and the key of its server. */
export interface TlsKeys {
  readonly authority: TlsAuthority;
  /** 32 bytes. */
  readonly serverKey: Uint8Array;
}

function tlsPlace(home: Home, scheme: number): SealedPlace {
  return { path: home.path('issuer', 'tls-keys.json'), party: 'issuer', purpose: 'tls keys', scheme };
}

/**
 * Keys and CA of a home; made where there are none. The CA's certificate is public and lies beside the scheme file as `ca.pem`.
 *
 * @throws KeyringError
 */
export function tlsKeys(home: Home, scheme: number, now: Seconds, opened: Unlocking = unlocking(home)): TlsKeys {
  const place = tlsPlace(home, scheme);
  // keys in a token that has its PIN elsewhere leave the issuer without a secret of its own: these get one
  const unlock = needsSecret(home, 'issuer') ? opened : { secretOf: () => ensureUnlockSecret(home, 'issuer') };
  if (readIfThere(place.path) === undefined)
    writeKeys(
      place,
      wanted.map((key) => ({ ...key, privateKey: generatePrivateKey() })),
      unlock,
    );
  const keys = readKeys(place, unlock);
  const [ca, serverKey] = wanted.map(({ name }) => keys.find((key) => key.name === name)?.privateKey);
  if (ca === undefined || serverKey === undefined)
    throw new KeyringError('not-held', `The key file ${place.path} does not hold the keys of the back office.`);
  return { authority: authorityOf(home, scheme, nativeSigner(ca), now), serverKey };
}

function authorityOf(home: Home, scheme: number, signer: Signer, now: Seconds): TlsAuthority {
  const path = home.path('ca.pem');
  const kept = readIfThere(path);
  if (kept === undefined) {
    const made = makeAuthority(scheme, signer, now);
    replaceFile(path, toPem('CERTIFICATE', made.certificate), 0o644);
    return made;
  }
  const certificate = read(path, kept);
  if (!certificate.publicKey.equals(nativePublicKey(signer.point)))
    throw new KeyringError('mismatch', `The certificate ${path} is not that of the back office's CA.`);
  return { scheme, signer, certificate: new Uint8Array(certificate.raw) };
}

/** What `issuer serve` presents; made anew where it runs out soon, or names other hosts. @throws KeyringError */
export function serverCredentials(
  home: Home,
  { authority, serverKey }: TlsKeys,
  names: readonly string[],
  now: Seconds,
): TlsCredentials {
  const point = pointOf(serverKey);
  const path = home.path('issuer', 'tls-server.pem');
  const kept = readIfThere(path);
  let certificate = kept === undefined ? undefined : read(path, kept);
  if (certificate === undefined || !serves(certificate, names, point, authority, now)) {
    certificate = new X509Certificate(certifyServer(authority, point, names, now));
    replaceFile(path, certificate.toString(), 0o644);
  }
  return { key: privatePem(serverKey), cert: certificate.toString(), ca: toPem('CERTIFICATE', authority.certificate) };
}

function serves(
  certificate: X509Certificate,
  names: readonly string[],
  point: Uint8Array,
  authority: TlsAuthority,
  now: Seconds,
): boolean {
  const left = Date.parse(certificate.validTo) / 1000 - now;
  return (
    left > serverRenewal &&
    certificate.publicKey.equals(nativePublicKey(point)) &&
    certificate.verify(nativePublicKey(authority.signer.point)) &&
    names.every((name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined)
  );
}

/** PKCS #8 in PEM, for node:tls. */
export function privatePem(privateKey: Uint8Array): string {
  return nativePrivateKey(privateKey).export({ format: 'pem', type: 'pkcs8' }) as string;
}

function read(path: string, content: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(content);
  } catch (cause) {
    throw new KeyringError('damaged', `The certificate ${path} cannot be read: it was changed or damaged.`, { cause });
  }
}
