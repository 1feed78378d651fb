/** What the issuer says when it refuses (RFC 9457). */

export type ProblemCode =
  | 'unknown-card'
  | 'unknown-terminal'
  | 'conflict'
  | 'rejected'
  | 'busy'
  | 'unreachable'
  | 'internal'
  | 'clock'
  | 'malformed'
  | 'not-found'
  | 'too-large'
  | 'unsupported-type'
  | 'too-many-requests'
  | 'timeout'
  | 'sign-in-failed'
  | 'not-signed-in'
  | 'forbidden'
  | 'cross-site';

export interface ProblemDocument {
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly moneyMoved: 'no' | 'unknown';
  readonly trace: string;
}
