/** Why a request did not do what it should, as the page has to tell it. `changing`: it was one that does something. */
import type { ProblemDocument } from '../../../http/problems.js';

export type Failure =
  /** The issuer said why. */
  | {
      readonly kind: 'problem';
      readonly problem: ProblemDocument;
      readonly changing: boolean;
      /** Seconds after which to come back, where the issuer names them. */
      readonly retryAfter?: number;
    }
  /** Nobody is signed in any more; nothing was done. */
  | { readonly kind: 'signed-out' }
  /** No answer came: a request that does something may have been carried out all the same. */
  | { readonly kind: 'offline'; readonly changing: boolean }
  /** An answer that is no problem document, from a proxy perhaps. */
  | { readonly kind: 'unexpected'; readonly status: number; readonly changing: boolean };

export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(readonly failure: Failure) {
    super(failure.kind === 'problem' ? failure.problem.detail : failure.kind);
  }
}

/** Anything thrown, as a failure. */
export function failureOf(thrown: unknown): Failure {
  return thrown instanceof ApiError ? thrown.failure : { kind: 'unexpected', status: 0, changing: false };
}
