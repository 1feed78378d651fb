/** Books, each with what came for it, on their way into the store. */
import type { OpenBook } from './books.js';

/** A record as it came, by NT. */
export interface Offered {
  readonly content: Uint8Array;
  /** Empty where a statement vouches for the record. */
  readonly s3: Uint8Array;
}

/** A book with what came for it. */
export interface KeptBook {
  readonly open: OpenBook;
  readonly offered: ReadonlyMap<number, Offered>;
}

/** A kept book, and R(nt) of the records placed now. */
export interface HashedBook extends KeptBook {
  readonly hashes: ReadonlyMap<number, Uint8Array>;
}
