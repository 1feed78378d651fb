/**
 * Card certificate, at most 255 bytes so that the answer to OPEN SESSION carries it in one APDU:
 * 7F21 { 7F4E { 5F29 profile, 42 authority, 5F20 card id ‖ key version, 7F49 { 86 sign point, 87 agree point }, 5F25, 5F24 }, 5F37 }.
 */
import type { Seconds } from '../codec/time.js';
import { tlv } from '../codec/tlv.js';
import type { TlvReader } from '../codec/tlv.js';
import { isOnCurve } from '../crypto/ecdsa.js';
import type { Signer, Verifier } from '../crypto/ecdsa.js';
import { Authority } from '../generated/enums.js';
import { certificateCardMax, pointLength } from '../generated/parameters.js';
import { keyIdCodec } from '../generated/structures.js';
import type { KeyIdFields } from '../generated/structures.js';
import { profiles, tags } from '../generated/tlv.js';
import { CertificateError, datesOf, openCertificate, sealCertificate, verifyCertified } from './certificate.js';
import type { Certified, SchemeKey } from './certificate.js';

export interface CardCertificateFields {
  readonly authority: KeyIdFields;
  /** 8 bytes. */
  readonly cardId: Uint8Array;
  /** Version of the card's own key pairs, 0 … 255. */
  readonly keyVersion: number;
  /** X ‖ Y of the signature key, 64 bytes. */
  readonly signPoint: Uint8Array;
  /** X ‖ Y of the key agreement key, 64 bytes. */
  readonly agreePoint: Uint8Array;
  readonly effective: Seconds;
  readonly expiry: Seconds;
}

export interface CardCertificate extends CardCertificateFields, Certified {}

/** @throws CertificateError field */
export function issueCardCertificate(fields: CardCertificateFields, ca: Signer): Uint8Array {
  checkPoints(fields);
  const content = [
    tlv(tags.profile, Uint8Array.of(profiles.card)),
    tlv(tags.authorityReference, keyIdCodec.encode(fields.authority)),
    tlv(tags.holderReference, fields.cardId, Uint8Array.of(fields.keyVersion)),
    tlv(tags.publicKey, tlv(tags.signPoint, fields.signPoint), tlv(tags.agreePoint, fields.agreePoint)),
    datesOf(fields.effective, fields.expiry),
  ];
  return sealCertificate(content, ca, certificateCardMax);
}

/** Reads one without judging its signature. @throws CertificateError encoding, field */
export function parseCardCertificate(bytes: Uint8Array): CardCertificate {
  const expected = { profile: profiles.card, longest: certificateCardMax };
  const certificate = openCertificate(bytes, expected, (body) => {
    const holder = body.value(tags.holderReference, 9);
    return { cardId: holder.slice(0, 8), keyVersion: holder[8] ?? 0, ...pointsIn(body) };
  });
  checkPoints(certificate);
  return certificate;
}

/**
 * @param keys the scheme's keys; the one named must be a card CA
 * @throws CertificateError authority, signature, not-yet-valid, expired
 */
export function verifyCardCertificate(
  certificate: CardCertificate,
  keys: readonly SchemeKey[],
  now: Seconds,
  verifier?: Verifier,
): void {
  verifyCertified(certificate, keys, ({ keyId }) => keyId.authority === Authority.cardCa, now, verifier);
}

function pointsIn(body: TlvReader): Pick<CardCertificateFields, 'signPoint' | 'agreePoint'> {
  const keys = body.inside(tags.publicKey);
  const signPoint = keys.value(tags.signPoint, pointLength);
  const agreePoint = keys.value(tags.agreePoint, pointLength);
  keys.end();
  return { signPoint, agreePoint };
}

function checkPoints({ signPoint, agreePoint }: CardCertificateFields): void {
  if (!isOnCurve(signPoint) || !isOnCurve(agreePoint)) {
    throw new CertificateError('field', 'A public key of the card is not on the curve.');
  }
}
