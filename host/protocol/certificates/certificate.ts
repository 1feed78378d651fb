/** What terminal and card certificates share (ISO 7816-8 card-verifiable certificates, canonical encoding). */
import { concat, u32 } from '../codec/bytes.js';
import { TlvError, TlvReader, tlv } from '../codec/tlv.js';
import { formatTime } from '../codec/time.js';
import type { Seconds } from '../codec/time.js';
import { verifyNative } from '../crypto/native.js';
import type { Signer, Verifier } from '../crypto/ecdsa.js';
import { keyIdCodec } from '../generated/structures.js';
import type { KeyIdFields } from '../generated/structures.js';
import { tags } from '../generated/tlv.js';

export type CertificateErrorCode =
  /** Not the canonical encoding. */
  | 'encoding'
  /** A field has a value it cannot have. */
  | 'field'
  /** Signed by a key this scheme does not know, or one that may not sign this. */
  | 'authority'
  | 'signature'
  | 'not-yet-valid'
  | 'expired';

/** `message` is a sentence for a person. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  constructor(
    readonly code: CertificateErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A public key that signs certificates, credits or orders. */
export interface SchemeKey {
  readonly keyId: KeyIdFields;
  /** Roles this CA may grant, bits of `Role`; 0 for keys that certify no terminal. */
  readonly roles: number;
  /** X ‖ Y, 64 bytes. */
  readonly point: Uint8Array;
}

/** Times and signature, common to all certificates. */
export interface Certified {
  /** Key that signed it. */
  readonly authority: KeyIdFields;
  readonly effective: Seconds;
  /** First second in which it is refused. */
  readonly expiry: Seconds;
  /** DER ECDSA over {@link body}. */
  readonly signature: Uint8Array;
  /** The whole 7F4E object, which is what is signed. */
  readonly body: Uint8Array;
  /** The whole certificate. */
  readonly bytes: Uint8Array;
}

/** A terminal's clock may be this much behind the issuer's before a new certificate seems to come from the future. */
export const clockTolerance: Seconds = 86_400;

/** Signs a body and wraps both. @param content objects of the body between its tag and its end */
export function sealCertificate(content: readonly Uint8Array[], signer: Signer, longest: number): Uint8Array {
  const body = tlv(tags.certificateBody, ...content);
  const bytes = tlv(tags.certificate, body, tlv(tags.signature, signer.sign(body)));
  if (bytes.length > longest)
    throw new CertificateError('field', `The certificate has ${bytes.length} bytes, more than ${longest}.`);
  return bytes;
}

export function datesOf(effective: Seconds, expiry: Seconds): Uint8Array {
  return concat(tlv(tags.effective, u32(effective)), tlv(tags.expiry, u32(expiry)));
}

/**
 * Takes a certificate apart. `read` gets the reader inside the body, after profile and authority, and leaves it before the dates.
 *
 * @throws CertificateError encoding, field
 */
export function openCertificate<T>(
  bytes: Uint8Array,
  expected: { profile: number; longest: number },
  read: (body: TlvReader) => T,
): T & Certified {
  return refusingEncodings(() => {
    if (bytes.length > expected.longest)
      throw new TlvError('length', `${bytes.length} bytes, more than ${expected.longest}`);
    const outer = new TlvReader(bytes);
    const certificate = outer.inside(tags.certificate);
    outer.end();
    const body = certificate.object(tags.certificateBody);
    const signature = certificate.value(tags.signature);
    certificate.end();
    const inside = new TlvReader(body).inside(tags.certificateBody);
    if (inside.value(tags.profile, 1)[0] !== expected.profile)
      throw new CertificateError('field', 'The certificate is of another kind.');
    const authority = keyIdCodec.decode(inside.value(tags.authorityReference, 4));
    const content = read(inside);
    const effective = timeOf(inside.value(tags.effective, 4));
    const expiry = timeOf(inside.value(tags.expiry, 4));
    inside.end();
    if (expiry <= effective) throw new CertificateError('field', 'The certificate ends before it begins.');
    return { ...content, authority, effective, expiry, signature, body, bytes: bytes.slice() };
  });
}

/**
 * Finds the CA key and checks signature and dates.
 *
 * @param mayCertify is this key one that may have signed it?
 * @throws CertificateError authority, signature, not-yet-valid, expired
 */
export function verifyCertified(
  certificate: Certified,
  keys: readonly SchemeKey[],
  mayCertify: (key: SchemeKey) => boolean,
  now: Seconds,
  verifier: Verifier = verifyNative,
): void {
  const key = keys.find((candidate) => sameKey(candidate.keyId, certificate.authority));
  if (!key || !mayCertify(key))
    throw new CertificateError('authority', 'The certificate is signed by a key that may not sign it.');
  if (!verifier(certificate.body, certificate.signature, key.point)) {
    throw new CertificateError('signature', 'The signature of the certificate does not hold.');
  }
  if (now + clockTolerance < certificate.effective) {
    throw new CertificateError(
      'not-yet-valid',
      `The certificate is not valid before ${formatTime(certificate.effective)}.`,
    );
  }
  if (now >= certificate.expiry) {
    throw new CertificateError('expired', `The certificate was valid until ${formatTime(certificate.expiry)}.`);
  }
}

export function sameKey(a: KeyIdFields, b: KeyIdFields): boolean {
  return a.scheme === b.scheme && a.authority === b.authority && a.version === b.version;
}

function timeOf(bytes: Uint8Array): Seconds {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}

/** Any parser's complaint becomes one kind of error. */
function refusingEncodings<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CertificateError) throw error;
    throw new CertificateError('encoding', 'The certificate is not properly encoded.', { cause: error });
  }
}
