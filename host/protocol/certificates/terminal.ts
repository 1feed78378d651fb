/**
 * Terminal certificate, at most 239 bytes so that PRESENT CERTIFICATE carries it in one APDU:
 * 7F21 { 7F4E { 5F29 profile, 42 authority, 5F20 terminal id, 7F49 { 86 point }, 7F4C { 53 rights }, 5F25, 5F24 }, 5F37 }.
 */
import { concat } from '../codec/bytes.js';
import { day } from '../codec/time.js';
import type { Seconds } from '../codec/time.js';
import { tlv } from '../codec/tlv.js';
import type { TlvReader } from '../codec/tlv.js';
import { isOnCurve } from '../crypto/ecdsa.js';
import type { Signer, Verifier } from '../crypto/ecdsa.js';
import { Authority, Role } from '../generated/enums.js';
import { certificateTerminalMax, pointLength, unitLimits } from '../generated/parameters.js';
import { keyIdCodec, unitLimitCodec } from '../generated/structures.js';
import type { KeyIdFields, UnitLimitFields } from '../generated/structures.js';
import { profiles, tags } from '../generated/tlv.js';
import { CertificateError, datesOf, openCertificate, sealCertificate, verifyCertified } from './certificate.js';
import type { Certified, SchemeKey } from './certificate.js';

/** A POS certificate lives at most this long: the card keeps no revocation list of terminals. */
export const posLifetime: Seconds = 90 * day;

export interface TerminalCertificateFields {
  readonly authority: KeyIdFields;
  /** 8 bytes. */
  readonly terminalId: Uint8Array;
  /** X ‖ Y, 64 bytes. */
  readonly point: Uint8Array;
  readonly role: Role;
  /** 4 bytes; zero for kiosks and desks. */
  readonly acquirerId: Uint8Array;
  /** 4 bytes; zero for kiosks and desks. */
  readonly merchantId: Uint8Array;
  /** What a POS may debit at once, per unit; empty for others. */
  readonly limits: readonly UnitLimitFields[];
  readonly effective: Seconds;
  readonly expiry: Seconds;
}

export interface TerminalCertificate extends TerminalCertificateFields, Certified {}

const limitLength = 6;

/** @throws CertificateError field */
export function issueTerminalCertificate(fields: TerminalCertificateFields, ca: Signer): Uint8Array {
  checkFields(fields);
  const rights = concat(
    Uint8Array.of(fields.role),
    fields.acquirerId,
    fields.merchantId,
    ...fields.limits.map((limit) => unitLimitCodec.encode(limit)),
  );
  const content = [
    tlv(tags.profile, Uint8Array.of(profiles.terminal)),
    tlv(tags.authorityReference, keyIdCodec.encode(fields.authority)),
    tlv(tags.holderReference, fields.terminalId),
    tlv(tags.publicKey, tlv(tags.signPoint, fields.point)),
    tlv(tags.authorisation, tlv(tags.discretionary, rights)),
    datesOf(fields.effective, fields.expiry),
  ];
  return sealCertificate(content, ca, certificateTerminalMax);
}

/** Reads one without judging its signature. @throws CertificateError encoding, field */
export function parseTerminalCertificate(bytes: Uint8Array): TerminalCertificate {
  const expected = { profile: profiles.terminal, longest: certificateTerminalMax };
  const certificate = openCertificate(bytes, expected, (body) => ({
    terminalId: body.value(tags.holderReference, 8),
    point: pointIn(body),
    ...rightsIn(body),
  }));
  checkFields(certificate);
  return certificate;
}

/**
 * The checks a card makes, made by whoever else relies on a terminal.
 *
 * @param keys the scheme's keys; the one named must be a terminal or POS CA that may grant the role
 * @throws CertificateError authority, signature, not-yet-valid, expired
 */
export function verifyTerminalCertificate(
  certificate: TerminalCertificate,
  keys: readonly SchemeKey[],
  now: Seconds,
  verifier?: Verifier,
): void {
  const mayCertify = ({ keyId, roles }: SchemeKey): boolean =>
    (keyId.authority === Authority.terminalCa || keyId.authority === Authority.posCa) &&
    (roles & certificate.role) !== 0;
  verifyCertified(certificate, keys, mayCertify, now, verifier);
}

function pointIn(body: TlvReader): Uint8Array {
  const key = body.inside(tags.publicKey);
  const point = key.value(tags.signPoint, pointLength);
  key.end();
  return point;
}

function rightsIn(body: TlvReader): Pick<TerminalCertificateFields, 'role' | 'acquirerId' | 'merchantId' | 'limits'> {
  const authorisation = body.inside(tags.authorisation);
  const rights = authorisation.value(tags.discretionary);
  authorisation.end();
  if (rights.length < 9 || (rights.length - 9) % limitLength !== 0)
    throw new CertificateError('encoding', 'The rights are cut short.');
  const limits = Array.from({ length: (rights.length - 9) / limitLength }, (_, i) =>
    unitLimitCodec.decode(rights.slice(9 + i * limitLength, 9 + (i + 1) * limitLength)),
  );
  return { role: roleOf(rights[0] ?? 0), acquirerId: rights.slice(1, 5), merchantId: rights.slice(5, 9), limits };
}

function roleOf(byte: number): Role {
  const role = Object.values(Role).find((value) => value === byte);
  if (role === undefined) throw new CertificateError('field', 'The certificate names no role, or several.');
  return role;
}

function checkFields(fields: TerminalCertificateFields): void {
  const { role, limits, effective, expiry } = fields;
  if (!isOnCurve(fields.point)) throw new CertificateError('field', 'The public key is not on the curve.');
  if (limits.length > unitLimits) throw new CertificateError('field', `More than ${unitLimits} units are granted.`);
  if (role !== Role.pos && limits.length > 0) throw new CertificateError('field', 'Only a POS has limits.');
  if (new Set(limits.map(({ unit }) => unit)).size !== limits.length)
    throw new CertificateError('field', 'A unit is granted twice.');
  if (expiry <= effective) throw new CertificateError('field', 'The certificate ends before it begins.');
  if (role === Role.pos && expiry - effective > posLifetime) {
    throw new CertificateError('field', 'A POS certificate lives at most 90 days.');
  }
}
