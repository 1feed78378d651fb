/** What came of one dialogue under power cuts: plain data, which goes from a worker to the campaign. */

export interface CutFinding {
  readonly story: readonly string[];
  readonly message: string;
}

export interface Explored {
  readonly name: string;
  /** Seed of what the card had lived through; undefined for the usual two loads. */
  readonly past?: string;
  /** Cuts that were really made, each from another state or at another place, and looked at. */
  readonly cuts: number;
  /** Different states, the one it began with included. */
  readonly states: number;
  /** How many rows of one, two, … cuts that covers. */
  readonly rows: readonly bigint[];
  /** How many cuts left what, by name: old, new, or one of the dialogue's named states. */
  readonly verdicts: ReadonlyMap<string, number>;
  /** No cut leads to anything new any more, however many come in a row. */
  readonly isClosed: boolean;
  /** Everything was cut that had to be; false where time ran out. */
  readonly isDone: boolean;
  /** States in which no try of the PIN is left, or the last one goes: the way on is a PIN reset. */
  readonly blocked: number;
  /** Largest transaction, in bytes of the commit buffer. */
  readonly largestCommit: number;
  readonly findings: readonly CutFinding[];
}
