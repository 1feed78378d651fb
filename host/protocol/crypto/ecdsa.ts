/**
 * ECDSA on P-256 with SHA-256 (FIPS 186-5), signatures in DER, public keys as X ‖ Y. This is the card link's own
 * arithmetic (noble, audited JavaScript): keys, agreement and terminals' signatures; `native.ts` checks with OpenSSL.
 */
import { p256 } from '@noble/curves/nist.js';
import { concat } from '../codec/bytes.js';
import { systemRandom } from './random.js';
import type { Random } from './random.js';

/** Bytes of a private key: a number of 1 … n − 1, big-endian. */
export const privateKeyLength = 32;

/** Whoever can sign: a key file, a test key, a hardware module. */
export interface Signer {
  /** Public key X ‖ Y, 64 bytes. */
  readonly point: Uint8Array;
  /** @param message any length, hashed here @returns DER signature, at most 72 bytes */
  sign(message: Uint8Array): Uint8Array;
}

/** Checks one signature; false for anything wrong, key off the curve included. Never throws. */
export type Verifier = (message: Uint8Array, signature: Uint8Array, point: Uint8Array) => boolean;

/** Cards do not bother which half of the order s falls in (FIPS 186-5 does not either), so both are taken. */
const options = { format: 'der', lowS: false } as const;

/** Deterministic signatures (RFC 6979): a generator that fails cannot give the key away. */
export function softwareSigner(privateKey: Uint8Array): Signer {
  const point = pointOf(privateKey);
  return { point, sign: (message) => p256.sign(message, privateKey, options) };
}

export const verifyEcdsa: Verifier = (message, signature, point) => {
  try {
    return p256.verify(signature, message, uncompressed(point), options);
  } catch {
    return false;
  }
};

/** More bytes than a key has, so that reducing them favours no key (FIPS 186-5 appendix A.2.1). */
const seedLength = 48;

/** A fresh private key, 32 bytes. */
export function generatePrivateKey(random: Random = systemRandom): Uint8Array {
  return p256.utils.randomSecretKey(random(seedLength));
}

/** @throws Error for a private key out of range @returns X ‖ Y */
export function pointOf(privateKey: Uint8Array): Uint8Array {
  return p256.getPublicKey(privateKey, false).slice(1);
}

/** Is X ‖ Y a point of the curve? */
export function isOnCurve(point: Uint8Array): boolean {
  try {
    p256.Point.fromBytes(uncompressed(point)).assertValidity();
    return true;
  } catch {
    return false;
  }
}

/** X ‖ Y as SEC 1 section 2.3.3 has it: 04 ‖ X ‖ Y. @throws RangeError unless 64 bytes */
export function uncompressed(point: Uint8Array): Uint8Array {
  if (point.length !== 64) throw new RangeError(`a point of ${point.length} bytes`);
  return concat(Uint8Array.of(0x04), point);
}
