/** Where a card is put. */
export interface ReaderLink {
  /** vsmartcard's virtual PCD driver for pcscd, a TCP server. */
  readonly link: 'vpcd';
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 35963, the first slot ("Virtual PCD 00 00"); 35964 is the second. */
  readonly port?: number;
}

export const defaultVpcdHost = '127.0.0.1';
export const defaultVpcdPort = 35963;

/** How a stay in the reader ended; the first five in the order of their numbers on the wire. */
export const insertionEnds = ['ejected', 'yanked', 'power-lost', 'reader-gone', 'card-failed', 'bridge-died'] as const;

export type InsertionEnd = (typeof insertionEnds)[number];

/** A card's stay in a reader. */
export interface Insertion {
  /** Settles when the card is out again, never with an error. A card in a reader keeps Node running. */
  readonly ended: Promise<InsertionEnd>;
}
