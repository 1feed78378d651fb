/** Refusals as problem documents (RFC 9457): one shape for whatever goes wrong, and one table of what each code means. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IssuerErrorCode } from '../../protocol/issuer/port.js';
import { problemType } from '../../protocol/issuer/wire.js';
import type { ProblemCode } from '../../protocol/issuer/wire.js';
import { asIssuerError } from '../local.js';

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly moneyMoved: 'no' | 'unknown';
  readonly action: string;
  readonly trace: string;
}

/** A refusal that is no business of the port: of HTTP, or of an operator's session. `message` is a sentence for a person. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  constructor(
    readonly code: Exclude<ProblemCode, IssuerErrorCode>,
    message: string,
    /** Seconds after which to come back. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly moneyMoved: 'no' | 'unknown';
  readonly action: string;
}

const no = 'no';
/** The outcome of a commit that was not answered is not known; a repeat finds out and books nothing twice. */
const unknown = 'unknown';
const again = 'Send the same request again: what was booked is not booked twice.';

export const problemKinds: Readonly<Record<ProblemCode, ProblemKind>> = {
  'unknown-card': { status: 404, title: 'Unknown card', moneyMoved: no, action: 'Check the card number.' },
  'unknown-terminal': {
    status: 401,
    title: 'Terminal not authenticated',
    moneyMoved: no,
    action: 'Use a certificate of this scheme that is valid and not revoked; the operator issues one.',
  },
  conflict: {
    status: 409,
    title: 'Not as the issuer has it',
    moneyMoved: no,
    action: 'Do not send it again: look at what the issuer has by now, or ask its operator.',
  },
  rejected: {
    status: 422,
    title: 'Not accepted',
    moneyMoved: no,
    action: 'Correct what the detail names, then send it again.',
  },
  busy: { status: 503, title: 'Store in use', moneyMoved: no, action: again },
  unreachable: { status: 503, title: 'Store not reachable', moneyMoved: unknown, action: again },
  internal: { status: 500, title: 'Issuer failure', moneyMoved: unknown, action: again },
  clock: {
    status: 503,
    title: 'Clock of the issuer went back',
    moneyMoved: no,
    action: 'Send it again later; the operator of the issuer has to set the clock.',
  },
  malformed: { status: 400, title: 'Malformed request', moneyMoved: no, action: 'Correct the request.' },
  'not-found': { status: 404, title: 'No such resource', moneyMoved: no, action: 'Check the address.' },
  'too-large': { status: 413, title: 'Request too large', moneyMoved: no, action: 'Send less at once.' },
  'unsupported-type': {
    status: 415,
    title: 'Unsupported media type',
    moneyMoved: no,
    action: 'Send application/json.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    moneyMoved: no,
    action: 'Wait as long as Retry-After says.',
  },
  timeout: { status: 408, title: 'Request took too long', moneyMoved: no, action: again },
  'sign-in-failed': {
    status: 401,
    title: 'Not signed in',
    moneyMoved: no,
    action: 'Check name and password; after several wrong ones, wait as long as Retry-After says.',
  },
  'not-signed-in': { status: 401, title: 'Not signed in', moneyMoved: no, action: 'Sign in, then try again.' },
  forbidden: {
    status: 403,
    title: 'Not allowed',
    moneyMoved: no,
    action: 'Ask somebody whose role allows it.',
  },
  'cross-site': {
    status: 403,
    title: 'Request of another site',
    moneyMoved: no,
    action: 'Use the pages of this issuer.',
  },
};

/** @param trace id of the request @param status where the code's own does not say enough */
export function problemFor(error: unknown, trace: string): ProblemDocument {
  const { code, detail, status } = judged(error);
  const kind = problemKinds[code];
  return {
    type: `urn:epurse:problem:${code}`,
    title: kind.title,
    status: status ?? kind.status,
    detail,
    code,
    moneyMoved: kind.moneyMoved,
    action: kind.action,
    trace,
  };
}

function judged(error: unknown): { code: ProblemCode; detail: string; status?: number } {
  if (error instanceof HttpProblem) return { code: error.code, detail: error.message };
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  // fastify's own refusals and its plugins' carry a status; those of the port carry none
  if (statusCode !== undefined && statusCode < 500)
    return {
      code: frameworkCodes[statusCode] ?? 'malformed',
      detail: message ?? 'Request refused.',
      status: statusCode,
    };
  const { code, message: detail } = asIssuerError(error);
  return { code, detail };
}

const frameworkCodes: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed',
  404: 'not-found',
  405: 'not-found',
  408: 'timeout',
  413: 'too-large',
  415: 'unsupported-type',
  429: 'too-many-requests',
};

export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: unknown): ProblemDocument {
  const document = problemFor(error, request.id);
  if (error instanceof HttpProblem && error.retryAfter !== undefined)
    void reply.header('retry-after', error.retryAfter);
  void reply.code(document.status).type(problemType).send(JSON.stringify(document));
  return document;
}
