/** How the ledger refuses: named in one place, mapped once to what terminals see (service/errors.ts) and to HTTP problems. */

export type LedgerErrorCode =
  /** The same id with other content. */
  | 'conflict'
  /** Another process has the embedded store open, or the database took too long. */
  | 'busy'
  /** The database cannot be reached or opened, or went away. */
  | 'unreachable'
  /** The clock went back behind what is booked; nothing is booked until it is right. */
  | 'clock'
  /** A rule of the ledger would be broken: a defect, and nothing was booked. */
  | 'rule';

/** `message` is a sentence for a person. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  constructor(
    readonly code: LedgerErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
