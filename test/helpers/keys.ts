/** Test keys: the same at every run, made from a label, so that no private key is kept anywhere. */
import { sha256 } from '@noble/hashes/sha2.js';
import { softwareSigner } from '../../host/protocol/crypto/ecdsa.js';
import type { Signer } from '../../host/protocol/crypto/ecdsa.js';

/** 32 bytes; in range for P-256 but for one chance in 2³². */
export function privateKeyFor(label: string): Uint8Array {
  return sha256(new TextEncoder().encode(`epurse test key ${label}`));
}

export function signerFor(label: string): Signer {
  return softwareSigner(privateKeyFor(label));
}

/** Bytes that depend on a label alone. */
export function bytesFor(label: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 32) {
    bytes.set(sha256(new TextEncoder().encode(`${label} ${at}`)).subarray(0, Math.min(32, length - at)), at);
  }
  return bytes;
}

/** A generator that gives other bytes at each call, and the same at each run. */
export function repeatableRandom(label: string): (length: number) => Uint8Array {
  let call = 0;
  return (length) => bytesFor(`${label} call ${call++}`, length);
}
