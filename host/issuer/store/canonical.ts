/** One text for one value: keys in order, bigints marked, byte strings in hexadecimal. What is hashed under an idempotency key. */
import { createHash } from 'node:crypto';
import { toHex } from '../../protocol/codec/bytes.js';

export function canonicalText(value: unknown): string {
  return JSON.stringify(plain(value));
}

/** SHA-256 of {@link canonicalText}. */
export function contentHash(value: unknown): Uint8Array {
  return new Uint8Array(createHash('sha256').update(canonicalText(value)).digest());
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, plain(field)]));
}
