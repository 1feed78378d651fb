/**
 * HTTPS between terminals and the issuer: the back office's own CA (P-256, in `issuer/tls/keys.json`), the server's certificate,
 * and a client certificate for each terminal over a key of its own. Decision 0010 says why this stands beside the card link's
 * certificates.
 */
import { X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { toHex } from '../../protocol/codec/bytes.js';
import { day } from '../../protocol/codec/time.js';
import type { Seconds } from '../../protocol/codec/time.js';
import type { Signer } from '../../protocol/crypto/ecdsa.js';
import { nativePrivateKey, nativePublicKey, nativeSigner } from '../../protocol/crypto/native.js';
import { roleNames } from '../../protocol/generated/enums.js';
import type { Role } from '../../protocol/generated/enums.js';
import { readIfThere, replaceFile } from '../../terminal/files.js';
import type { Home } from '../../terminal/home.js';
import { keysIn } from './key-files.js';
import { KeyringError } from './keyring.js';
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

/** Names of the two keys in `issuer/tls/keys.json`. */
const wanted = [
  { name: 'tlsCa', version: 1 },
  { name: 'tlsServer', version: 1 },
] as const;

export function tlsKeyFile(home: Home): string {
  return home.path('issuer', 'tls', 'keys.json');
}

/** The CA of a home; made where there is none. Its certificate is public and lies beside the scheme file as `ca.pem`. @throws KeyringError */
export function tlsAuthority(home: Home, scheme: number, now: Seconds): TlsAuthority {
  const signer = keyNamed(home, 'tlsCa').signer;
  const path = home.path('ca.pem');
  const kept = readIfThere(path);
  if (kept === undefined) {
    const made = makeAuthority(scheme, signer, now);
    replaceFile(path, toPem('CERTIFICATE', made.certificate), 0o644);
    return made;
  }
  const certificate = derOf(path, kept);
  if (!certificate.publicKey.equals(nativePublicKey(signer.point)))
    throw new KeyringError(`The certificate ${path} is not that of the back office's CA: it was changed or damaged.`);
  return { scheme, signer, certificate: new Uint8Array(certificate.raw) };
}

/** What `issuer serve` presents; made anew where it runs out soon, or names other hosts. @throws KeyringError */
export function serverCredentials(
  home: Home,
  authority: TlsAuthority,
  names: readonly string[],
  now: Seconds,
): TlsCredentials {
  const { privateKey, signer } = keyNamed(home, 'tlsServer');
  const path = home.path('issuer', 'tls', 'server.pem');
  const kept = readIfThere(path);
  let certificate = kept === undefined ? undefined : derOf(path, kept);
  if (certificate === undefined || !serves(certificate, names, signer, authority, now)) {
    const der = certifyServer(authority, signer.point, names, now);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    replaceFile(path, toPem('CERTIFICATE', der), 0o644);
    certificate = new X509Certificate(der);
  }
  return { key: privatePem(privateKey), cert: certificate.toString(), ca: toPem('CERTIFICATE', authority.certificate) };
}

function serves(
  certificate: X509Certificate,
  names: readonly string[],
  { point }: Signer,
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

function keyNamed(home: Home, name: (typeof wanted)[number]['name']): { privateKey: Uint8Array; signer: Signer } {
  const key = keysIn(tlsKeyFile(home), wanted).find((one) => one.name === name);
  if (key === undefined) throw new KeyringError(`The key file ${tlsKeyFile(home)} has no key ${name}.`);
  return { privateKey: key.privateKey, signer: nativeSigner(key.privateKey) };
}

function derOf(path: string, content: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(content);
  } catch (cause) {
    throw new KeyringError(`The certificate ${path} cannot be read: it was changed or damaged.`, { cause });
  }
}
