/** Key agreement of a full session: ECDH on P-256 and the X9.63 key derivation function. */
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, u32 } from '../codec/bytes.js';
import { uncompressed } from './ecdsa.js';

/**
 * ECDH without cofactor (SEC 1 section 3.3.1).
 *
 * @param privateKey 32 bytes
 * @param point X ‖ Y of the other side
 * @returns x-coordinate of the shared point, 32 bytes
 * @throws Error when the point is not on the curve
 */
export function sharedSecret(privateKey: Uint8Array, point: Uint8Array): Uint8Array {
  return p256.getSharedSecret(privateKey, uncompressed(point), false).slice(1, 33);
}

/** ANSI X9.63 KDF with SHA-256 (SEC 1 section 3.6.1): SHA-256(Z ‖ counter ‖ SharedInfo), counter from 1. */
export function x963Kdf(z: Uint8Array, sharedInfo: Uint8Array, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => sha256(concat(z, u32(i + 1), sharedInfo)));
  return concat(...blocks).slice(0, length);
}
