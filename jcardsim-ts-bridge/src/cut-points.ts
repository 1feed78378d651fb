import type { FieldReader } from './fields.js';
import type { Snapshot } from './snapshot.js';

/** What power cuts at every point of one command left. */
export interface CutPoints {
  /** How often power was lost: one more than the command has persistent writes. */
  readonly points: number;
  /** Largest use of the commit buffer, in bytes of old data. */
  readonly commitBytes: number;
  /** The different states the card was found in, in the order of their first point. */
  readonly outcomes: readonly CutOutcome[];
}

export interface CutOutcome {
  /** The first point: the number of the write that power was lost before. */
  readonly write: number;
  /** How many points led here. */
  readonly points: number;
  /** SHA-256 of the persistent state, PIN tries included, generator not. */
  readonly digest: Uint8Array;
  /** The card with power again, nothing selected. */
  readonly state: Snapshot;
}

export function readCutPoints(in_: FieldReader, cardHandle: number): CutPoints {
  return {
    points: in_.u32(),
    commitBytes: in_.u32(),
    outcomes: in_.list(() => ({
      write: in_.u32(),
      points: in_.u32(),
      digest: in_.bytes(),
      state: { cardHandle, number: in_.u32() },
    })),
  };
}
