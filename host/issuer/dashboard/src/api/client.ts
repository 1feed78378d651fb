/** Requests to the operator API. The session is a cookie the page cannot read; what changes something carries the session's CSRF token. */
import type { ProblemDocument } from '../../../http/problems.js';
import { ApiError } from './failure.js';

const root = '/operator/v1';

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

interface Hooks {
  /** Token of the session; empty while there is none. */
  csrf: string;
  /** The issuer says that nobody is signed in. */
  onSignedOut: () => void;
}

export const hooks: Hooks = { csrf: '', onSignedOut: () => undefined };

/** @throws ApiError */
export function get<T>(path: string, query: Query = {}): Promise<T> {
  return request<T>('GET', withQuery(path, query));
}

/** Something that may change the books or an operator's rights. @throws ApiError */
export function send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return request<T>(method, root + path, body);
}

/** Address of a download, such as CSV. */
export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return root + path;
  return `${root}${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

async function request<T>(method: string, url: string, body?: unknown): Promise<T> {
  const changing = method !== 'GET';
  const answer = await fetch(url, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(changing ? { 'x-csrf-token': hooks.csrf } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((): never => {
    throw new ApiError({ kind: 'offline', changing });
  });
  if (answer.status === 204) return undefined as T;
  const content: unknown = await answer.json().catch(() => undefined);
  if (answer.ok && content !== undefined) return content as T;
  throw refusal(answer, content, changing);
}

function refusal({ status, headers }: Response, content: unknown, changing: boolean): ApiError {
  if (!isProblem(content)) return new ApiError({ kind: 'unexpected', status, changing });
  if (content.code === 'not-signed-in') {
    hooks.onSignedOut();
    return new ApiError({ kind: 'signed-out' });
  }
  const retryAfter = Number(headers.get('retry-after') ?? 0);
  return new ApiError({ kind: 'problem', problem: content, changing, ...(retryAfter > 0 ? { retryAfter } : {}) });
}

function isProblem(content: unknown): content is ProblemDocument {
  return typeof content === 'object' && content !== null && 'code' in content && 'detail' in content;
}
