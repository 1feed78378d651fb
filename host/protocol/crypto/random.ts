/** Randomness, passed in wherever it is needed, so that tests can repeat themselves. */
import { randomBytes } from '@noble/hashes/utils.js';

/** @param length bytes wanted */
export type Random = (length: number) => Uint8Array;

/** The platform's generator. */
export const systemRandom: Random = randomBytes;
