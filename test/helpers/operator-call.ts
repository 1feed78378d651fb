/** Operators of one server, asked without a network: signing in, and requests with the session that came of it. */
import { expect } from 'chai';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { addOperator } from '../../host/issuer/operator/accounts.js';
import { operatorRoot } from '../../host/issuer/operator/routes/index.js';
import type { Issuer } from '../../host/issuer/service/context.js';
import type { OperatorRole } from '../../host/issuer/store/schema-operators.js';

export const password = 'seven green herons';
/** Nobody guesses these in earnest. */
export const cheap = { log_n: 4, r: 8, p: 1 };
export const people = { tess: 'teller', olga: 'operator', aude: 'auditor' } as const satisfies Record<
  string,
  OperatorRole
>;

/** Headers of a session. */
export interface SignedIn {
  readonly cookie: string;
  readonly 'x-csrf-token': string;
}

/** One of each role. */
export async function addPeople(issuer: Issuer): Promise<void> {
  for (const [name, role] of Object.entries(people)) await addOperator(issuer, name, role, password, cheap);
}

export interface OperatorCalls {
  /** @param path below /operator/v1 @param body sent as it is where it is text */
  post(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
    remoteAddress?: string,
  ): Promise<LightMyRequestResponse>;
  get(path: string, session: Pick<SignedIn, 'cookie'>): Promise<LightMyRequestResponse>;
  signIn(name: string, secret?: string, remoteAddress?: string): Promise<LightMyRequestResponse>;
  as(name: string): Promise<SignedIn>;
}

/** @param server asked when it is there */
export function operatorCalls(server: () => FastifyInstance): OperatorCalls {
  const post: OperatorCalls['post'] = (path, body, headers = {}, remoteAddress = '127.0.0.1') =>
    server().inject({
      method: 'POST',
      url: operatorRoot + path,
      payload: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
      remoteAddress,
    });
  const signIn: OperatorCalls['signIn'] = (name, secret = password, remoteAddress = '10.0.0.1') =>
    post('/session', { name, password: secret }, {}, remoteAddress);
  return {
    post,
    signIn,
    get: (path, { cookie }) => server().inject({ method: 'GET', url: operatorRoot + path, headers: { cookie } }),
    as: async (name) => {
      const response = await signIn(name);
      expect(response.statusCode, response.body).to.equal(200);
      const [cookie = ''] = String(response.headers['set-cookie']).split(';');
      return { cookie, 'x-csrf-token': response.json<{ csrf: string }>().csrf };
    },
  };
}

export function codeOf(response: LightMyRequestResponse): unknown {
  return response.json<{ code?: string }>().code;
}
