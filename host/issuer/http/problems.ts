/** Refusals as problem documents (RFC 9457): one shape for whatever goes wrong, with the port's error code in `code`. */
import type { IssuerError } from '../../protocol/issuer/port.js';
import type { IssuerErrorCode } from '../../protocol/issuer/port.js';

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: IssuerErrorCode;
}

const kinds: Readonly<Record<IssuerErrorCode, { readonly status: number; readonly title: string }>> = {
  'unknown-card': { status: 404, title: 'Unknown card' },
  'unknown-terminal': { status: 401, title: 'Terminal not authenticated' },
  conflict: { status: 409, title: 'Known with other content' },
  rejected: { status: 422, title: 'Not accepted' },
  busy: { status: 503, title: 'Store in use' },
  unreachable: { status: 503, title: 'Store not reachable' },
  internal: { status: 500, title: 'Issuer failure' },
};

/** @param status where the code's own does not say enough, such as 413 for a body that is too large */
export function problemOf(error: IssuerError, status?: number): ProblemDocument {
  const kind = kinds[error.code];
  return {
    type: `urn:epurse:problem:${error.code}`,
    title: kind.title,
    status: status ?? kind.status,
    detail: error.message,
    code: error.code,
  };
}

/** What fastify itself refuses: no such path, a body too large or of another type. */
export function frameworkProblem(status: number, detail: string): ProblemDocument {
  const code: IssuerErrorCode = status >= 500 ? 'internal' : 'rejected';
  return { type: 'about:blank', title: titles[status] ?? 'Request refused', status, detail, code };
}

const titles: Readonly<Record<number, string>> = {
  400: 'Malformed request',
  404: 'No such resource',
  405: 'Method not allowed',
  413: 'Request too large',
  415: 'Unsupported media type',
  500: 'Issuer failure',
};
