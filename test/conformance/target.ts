/** Something that claims to be a purse card: simulated, behind a reader, or real. The suite is the same for all. */
import type { CardConnection } from '../../host/readers/reader.js';

export interface Target {
  readonly name: string;
  /** Opens whatever it takes to reach the card. @returns why that cannot be done here */
  prepare(): Promise<string | undefined>;
  /** Resets the card and connects to it. */
  connect(): Promise<CardConnection>;
  finish(): Promise<void>;
  /** Transport keys of the raw card are derived from it and the serial. */
  readonly batchKey: Uint8Array;
  /** The suite personalizes the card, uses it up and retires it. Without this only what changes nothing is done. */
  readonly mayConsume: boolean;
}
