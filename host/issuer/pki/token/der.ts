/** ECDSA signatures as tokens give them (r ‖ s, PKCS #11 section 6.3.1) and as everybody else takes them (DER, RFC 3279). */
import { concat } from '../../../protocol/codec/bytes.js';

const half = 32;

/** @param raw r ‖ s, 64 bytes for P-256 @returns SEQUENCE { INTEGER r, INTEGER s }, at most 72 bytes @throws RangeError */
export function derSignature(raw: Uint8Array): Uint8Array {
  if (raw.length !== 2 * half) throw new RangeError(`a signature of ${raw.length} bytes where ${2 * half} are due`);
  const content = concat(integer(raw.subarray(0, half)), integer(raw.subarray(half)));
  return concat(Uint8Array.of(0x30, content.length), content);
}

/** Shortest form; a leading zero where the first bit would say that the number is negative. */
function integer(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  if (first < 0) throw new RangeError('a signature with a number that is zero');
  const digits = bytes.subarray(first);
  const padding = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return Uint8Array.of(0x02, digits.length + padding.length, ...padding, ...digits);
}

/** Uncompressed P-256 point of CKA_EC_POINT, bare or in an OCTET STRING. @returns X ‖ Y @throws RangeError */
export function pointOfToken(value: Uint8Array): Uint8Array {
  const bare = value.length === 67 && value[0] === 0x04 && value[1] === 0x41 ? value.subarray(2) : value;
  if (bare.length !== 65 || bare[0] !== 0x04) throw new RangeError('the public key is no P-256 point');
  return new Uint8Array(bare.subarray(1));
}
