/**
 * The same ECDSA by node:crypto (OpenSSL), some thirty times as fast: it checks the signatures that terminals and issuers meet.
 * Results agree with `ecdsa.ts`; the tests hold each against the other.
 */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { concat, fromHex } from '../codec/bytes.js';
import { pointOf } from './ecdsa.js';
import type { Signer, Verifier } from './ecdsa.js';

/** PKCS #8 with the RFC 5915 private key, up to the 32 bytes. */
const privateKeyPrefix = fromHex('3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420');

/** By way of a JWK (RFC 7518 section 6.2): OpenSSL reads that in half the time of a SubjectPublicKeyInfo. @throws Error off the curve */
export function nativePublicKey(point: Uint8Array): KeyObject {
  if (point.length !== 64) throw new RangeError(`a point of ${point.length} bytes`);
  const [x, y] = [point.subarray(0, 32), point.subarray(32)].map((half) => Buffer.from(half).toString('base64url'));
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y } as JsonWebKey, format: 'jwk' });
}

export function nativePrivateKey(privateKey: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(concat(privateKeyPrefix, privateKey)), format: 'der', type: 'pkcs8' });
}

/** Signs with a fresh random number each time: two signatures over one message differ. */
export function nativeSigner(privateKey: Uint8Array): Signer {
  const key = nativePrivateKey(privateKey);
  return { point: pointOf(privateKey), sign: (message) => new Uint8Array(sign('sha256', message, key)) };
}

export const verifyNative: Verifier = (message, signature, point) => {
  try {
    return verify('sha256', message, nativePublicKey(point), signature);
  } catch {
    return false;
  }
};

/** One signature to check in bulk. */
export interface SignatureCheck {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly point: Uint8Array;
}

/** Checks many; results in the same order. Keys that recur next to each other are set up once. */
export function verifyBulk(checks: readonly SignatureCheck[]): boolean[] {
  let lastPoint: Uint8Array | undefined;
  let lastKey: KeyObject | undefined;
  return checks.map(({ message, signature, point }) => {
    try {
      if (!lastKey || point !== lastPoint) {
        lastKey = nativePublicKey(point);
        lastPoint = point;
      }
      return verify('sha256', message, lastKey, signature);
    } catch {
      return false;
    }
  });
}
