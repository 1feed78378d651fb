/** Byte strings. Everything here works on Uint8Array and gives fresh arrays. */
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';

/** One after the other. */
export const concat: (...parts: Uint8Array[]) => Uint8Array = concatBytes;

/** Lower-case hexadecimal. */
export const toHex: (bytes: Uint8Array) => string = bytesToHex;

/** @throws RangeError, TypeError unless it is an even number of hexadecimal digits */
export const fromHex: (hex: string) => Uint8Array = hexToBytes;

/** Not constant-time: for public values only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Looks at every byte whatever the first difference: for MACs. The length is public. */
export function equalSecret(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

/** Big-endian. @throws RangeError unless an integer of 0 … 2¹⁶ − 1 */
export function u16(value: number): Uint8Array {
  return unsigned(value, 2);
}

/** Big-endian. @throws RangeError unless an integer of 0 … 2³² − 1 */
export function u32(value: number): Uint8Array {
  return unsigned(value, 4);
}

/** @throws RangeError when the bytes end too early */
export function readU16(bytes: Uint8Array, offset = 0): number {
  return viewOf(bytes).getUint16(offset);
}

/** @throws RangeError when the bytes end too early */
export function readU32(bytes: Uint8Array, offset = 0): number {
  return viewOf(bytes).getUint32(offset);
}

/** True when every byte is zero; also for no bytes at all. */
export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function unsigned(value: number, length: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * length)) {
    throw new RangeError(`${value} is not an unsigned number of ${length} bytes`);
  }
  return Uint8Array.from({ length }, (_, i) => Math.floor(value / 2 ** (8 * (length - 1 - i))) & 0xff);
}

/** Big-endian, 8 bytes. @throws RangeError unless 0 … 2⁶⁴ − 1 */
export function u64(value: bigint): Uint8Array {
  if (value < 0n || value >= 1n << 64n) throw new RangeError(`${value} is not an unsigned number of 8 bytes`);
  const bytes = new Uint8Array(8);
  viewOf(bytes).setBigUint64(0, value);
  return bytes;
}

/** @throws RangeError when the bytes end too early */
export function readU64(bytes: Uint8Array, offset = 0): bigint {
  return viewOf(bytes).getBigUint64(offset);
}
