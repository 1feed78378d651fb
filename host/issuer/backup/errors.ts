export type BackupErrorCode =
  /** The file is no backup of this program, or not of this kind of store. */
  | 'foreign'
  /** It was cut short or changed. */
  | 'damaged'
  /** The file to be written is there already. */
  | 'exists'
  /** The store to be restored into holds data. */
  | 'not-empty'
  /** pg_dump or pg_restore is missing or failed. */
  | 'tool';

/** `message` is a sentence for a person. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
  constructor(
    readonly code: BackupErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
