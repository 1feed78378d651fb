/** R(0) = 32 zero bytes, R(n) = SHA-256(R(n − 1) ‖ record n): one signature over it vouches for the whole log. */
import { sha256 } from '@noble/hashes/sha2.js';
import { concat } from '../codec/bytes.js';
import { hashLength } from '../generated/parameters.js';
import { recordCodec } from '../generated/structures.js';
import type { RecordFields } from '../generated/structures.js';

export const emptyLogHash: Uint8Array = new Uint8Array(hashLength);

/** @param from R of the record before the first of `records` @returns R of the last */
export function runningHash(from: Uint8Array, records: readonly RecordFields[]): Uint8Array {
  return records.reduce((hash, record) => sha256(concat(hash, recordCodec.encode(record))), from);
}
