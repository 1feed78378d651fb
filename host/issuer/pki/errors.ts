/** How keys refuse: named in one place, mapped once to what a person is told (cli/failures.ts). */

export type KeyringErrorCode =
  /** No such file, terminal or scheme here. */
  | 'missing'
  /** Others than the owner can read it. */
  | 'open-to-others'
  /** Changed or damaged: its checksum or its form does not hold. */
  | 'damaged'
  /** Undamaged, but of another party, purpose or scheme. */
  | 'other-file'
  /** The secret that opens it is not here. */
  | 'locked'
  /** The secret is here and is another one. */
  | 'wrong-secret'
  /** Not one of the keys this place holds. */
  | 'not-held'
  /** Not the key that the scheme file names. */
  | 'mismatch'
  /** The hardware module, its driver or its PIN; `message` says which. */
  | 'token'
  /** A PIN the token refused. It is not tried again: a few wrong ones lock a token. */
  | 'token-pin'
  /** A step of a rotation that is not due. */
  | 'rotation';

/** `message` is a sentence for a person. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError';
  constructor(
    readonly code: KeyringErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
