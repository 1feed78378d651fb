/** Numbers that look random and are the same for the same seed: SHA-256 in counter mode. */
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, readU32, u32 } from '../../host/protocol/codec/bytes.js';

/** @returns a function that gives a number from 0 up to, but not including, its limit */
export function sequence(seed: string): (limit: number) => number {
  const start = new TextEncoder().encode(seed);
  let counter = 0;
  return (limit) => readU32(sha256(concat(start, u32(counter++)))) % limit;
}
