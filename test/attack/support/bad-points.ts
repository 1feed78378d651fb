/** 64 bytes that no honest side would call a public key. */
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat } from '../../../host/protocol/codec/bytes.js';
import type { Signer } from '../../../host/protocol/crypto/ecdsa.js';
import { signerFor } from '../../helpers/keys.js';

const { point: some } = signerFor('some point');
const { point: other } = signerFor('another point');

export const fieldOrder = p256.Point.Fp.ORDER;

/** 32 bytes. */
export function coordinate(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * (31 - i))) & 0xffn));
}

export function bigOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** 64 bytes that are no point of P-256, or no proper way to write one. */
export const badPoints: Record<string, Uint8Array> = {
  zero: new Uint8Array(64),
  'all ones': new Uint8Array(64).fill(0xff),
  'X of a point, and another’s Y': concat(some.slice(0, 32), other.slice(32)),
  'Y one higher': concat(some.slice(0, 32), coordinate(bigOf(some.slice(32)) + 1n)),
  'X = p, Y of X = 0': concat(
    coordinate(fieldOrder),
    // √b: the point with X = 0, written with X = p
    coordinate(0x66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4n),
  ),
  'a point of small order on another curve (X = 0, Y = 1)': concat(coordinate(0n), coordinate(1n)),
  'Y = 0': concat(some.slice(0, 32), coordinate(0n)),
};

/** Signs for a public key that a careless verifier takes for the point at infinity: with s = 1 the check is r = x(z·G). */
export const infinitySigner: Signer = {
  point: new Uint8Array(64),
  sign: (message) => {
    const { Point } = p256;
    const z = bigOf(sha256(message)) % Point.Fn.ORDER;
    return new p256.Signature(Point.BASE.multiply(z).x % Point.Fn.ORDER, 1n).toBytes('der');
  },
};
