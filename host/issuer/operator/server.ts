/** The operator API on the server: cookie, cross-site checks, permission, then the route. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/problems.js';
import { decoded, encoded, jsonIn } from '../http/validate.js';
import { Kept } from '../ops/kept.js';
import type { Issuer } from '../service/context.js';
import { permissionsOf, requirePermission } from './permissions.js';
import { addUp } from './queries/today.js';
import { operatorRoot, operatorRoutes } from './routes/index.js';
import type { AnyAsked, OperatorRoute } from './routes/route.js';
import { credentials } from './routes/session.js';
import { sessionOf, signIn, signOut } from './sessions.js';
import type { Session } from './sessions.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Name of the operator, once known. */
    operator?: string;
  }
}

/** The prefix makes browsers insist on Secure, on this host alone, and on the whole of it (RFC 6265bis section 4.1.3.2). */
export const sessionCookie = '__Host-epurse-session';
const cookieRules = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const;
export const csrfHeader = 'x-csrf-token';

export async function operatorServer(server: FastifyInstance, issuer: Issuer): Promise<void> {
  server.decorateRequest('operator', undefined);
  // what an operator sees is for him and for now
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('cache-control', 'no-store');
    if (request.method !== 'GET') checkSameSite(request);
    done();
  });
  server.post(`${operatorRoot}/session`, (request, reply) => openSession(issuer, request, reply));
  server.delete(`${operatorRoot}/session`, (request, reply) => endSession(issuer, request, reply));
  const figures = new Kept(() => addUp(issuer));
  // on large books the first who looks would wait for seconds
  server.addHook('onListen', (done) => {
    figures.prepare();
    done();
  });
  const context = { issuer, figures: () => figures.get() };
  for (const route of operatorRoutes) {
    server.route({
      method: route.method,
      url: operatorRoot + route.path.replace(/\{(\w+)\}/g, ':$1'),
      ...(route.largestBody === undefined ? {} : { bodyLimit: route.largestBody }),
      handler: (request, reply) => answer(context, route, request, reply),
    });
  }
}

async function answer(
  context: Pick<AnyAsked, 'issuer' | 'figures'>,
  route: OperatorRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const session = await authenticated(context.issuer, request);
  if (route.permission !== 'session') requirePermission(session.role, route.permission);
  const result = await route.run({
    ...context,
    session,
    actor: { kind: 'operator', name: session.name },
    params: decoded(route.params, request.params, 'address'),
    query: decoded(route.query, request.query, 'query'),
    body: route.body === undefined ? undefined : decoded(route.body, bodyOf(request)),
  });
  return route.answer === undefined ? reply.code(204).send() : reply.send(encoded(route.answer, result));
}

async function openSession(issuer: Issuer, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const session = await signIn(issuer, decoded(credentials, bodyOf(request)), request.ip);
  request.operator = session.name;
  const { name, role, csrf } = session;
  void reply.setCookie(sessionCookie, session.cookie, cookieRules);
  return reply.send({ name, role, csrf, permissions: permissionsOf(role) });
}

async function endSession(issuer: Issuer, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  await signOut(issuer, await authenticated(issuer, request));
  return reply.clearCookie(sessionCookie, cookieRules).code(204).send();
}

/** @throws HttpProblem not-signed-in, cross-site */
export async function authenticated(issuer: Issuer, request: FastifyRequest): Promise<Session> {
  const session = await sessionOf(issuer, request.cookies[sessionCookie]);
  request.operator = session.name;
  if (request.method !== 'GET' && !sameText(request.headers[csrfHeader], session.csrf))
    throw new HttpProblem('cross-site', 'The request does not carry the token of its session.');
  return session;
}

/** Browsers say where a request comes from; other programs say nothing, and have no cookies of somebody else's either. */
function checkSameSite({ headers }: FastifyRequest): void {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if ((origin !== undefined && origin !== `https://${host}`) || (site !== undefined && site !== 'same-origin'))
    throw new HttpProblem('cross-site', 'The request comes from another site.');
}

function sameText(given: string | string[] | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(typeof given === 'string' ? given : ''), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function bodyOf({ body }: FastifyRequest): unknown {
  return jsonIn(Buffer.isBuffer(body) ? body : new Uint8Array());
}
