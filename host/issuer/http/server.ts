/** The issuer's port over HTTP. Every request is authenticated before its body is read as anything but bytes. */
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import { IssuerError } from '../../protocol/issuer/port.js';
import type { IssuerPort } from '../../protocol/issuer/port.js';
import { issuerMethods, issuerPath, issuerWire, problemType, requestLimit } from '../../protocol/issuer/wire.js';
import type { IssuerMethod } from '../../protocol/issuer/wire.js';
import { asIssuerError } from '../local.js';
import type { Issuer } from '../service/context.js';
import { checkOwnName, checkPermission } from './permissions.js';
import { frameworkProblem, problemOf } from './problems.js';
import type { ProblemDocument } from './problems.js';
import { TerminalAuthenticator } from './terminal-auth.js';
import type { ClaimedTerminal } from './terminal-auth.js';

/** Everything but a batch fits easily. */
const smallLimit = 64 * 1024;

export interface ServerOptions {
  /** One line for each request and failure; nothing secret is in them. */
  readonly log?: (line: {
    readonly method: string;
    readonly status: number;
    readonly code?: string;
    readonly terminal?: string;
  }) => void;
}

export function issuerServer(issuer: Issuer, port: IssuerPort, options: ServerOptions = {}): FastifyInstance {
  const server = fastify({ bodyLimit: smallLimit, requestTimeout: 30_000, return503OnClosing: true });
  const authenticator = new TerminalAuthenticator(issuer);
  const claims = new WeakMap<FastifyRequest, ClaimedTerminal>();
  // bytes, because the signature is over them
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.setErrorHandler((error, request, reply) => {
    answerProblem(reply, problemFor(error));
    logged(options, request, reply, claims.get(request), error);
  });
  server.setNotFoundHandler((_request, reply) => {
    answerProblem(reply, frameworkProblem(404, 'There is nothing at this address.'));
  });
  server.get('/health', async () => {
    await sql`select 1`.execute(issuer.store.db);
    return { status: 'ok' };
  });
  for (const method of issuerMethods) {
    server.route({
      method: 'POST',
      url: issuerPath(method),
      bodyLimit: method === 'uploadBatch' ? requestLimit : smallLimit,
      onRequest: async (request) => {
        const claimed = authenticator.claim((name) => oneHeader(request, name));
        checkPermission(method, claimed.certificate);
        claims.set(request, claimed);
      },
      handler: async (request, reply) => {
        const claimed = claims.get(request);
        if (claimed === undefined)
          throw new IssuerError('unknown-terminal', 'The request carries no proof of a terminal.');
        const body = Buffer.isBuffer(request.body) ? new Uint8Array(request.body) : new Uint8Array();
        await authenticator.prove(claimed, { method: request.method, target: request.url, body });
        const answer = await call(port, method, body, claimed);
        logged(options, request, reply, claimed);
        return answer === undefined ? reply.code(204).send() : reply.send(answer);
      },
    });
  }
  return server;
}

/** Decodes, calls, encodes: the schemas of the wire stand on both sides of the port. */
async function call(
  port: IssuerPort,
  method: IssuerMethod,
  body: Uint8Array,
  claimed: ClaimedTerminal,
): Promise<unknown> {
  const { request: requestSchema, answer: answerSchema } = issuerWire[method];
  const request = decoded(requestSchema, body);
  checkOwnName(request, claimed.certificate);
  const ask = port[method] as (request: unknown) => Promise<unknown>;
  const answer = await ask(request);
  return answer === undefined ? undefined : z.encode(answerSchema as z.ZodType, answer);
}

function decoded(schema: z.ZodType, body: Uint8Array): unknown {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new IssuerError('rejected', 'The body is not JSON.', { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new IssuerError(
    'rejected',
    `The request does not fit: ${where === '' ? '' : `${where}: `}${issue?.message ?? ''}.`,
  );
}

function problemFor(error: unknown): ProblemDocument {
  const { statusCode, code } = error as { statusCode?: number; code?: string };
  if (typeof code === 'string' && code.startsWith('FST_') && statusCode !== undefined)
    return frameworkProblem(statusCode, (error as Error).message);
  return problemOf(asIssuerError(error));
}

function answerProblem(reply: FastifyReply, problem: ProblemDocument): void {
  void reply.code(problem.status).type(problemType).send(JSON.stringify(problem));
}

/** A header sent twice is as good as none. */
function oneHeader({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

function logged(
  { log }: ServerOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  claimed?: ClaimedTerminal,
  error?: unknown,
): void {
  if (log === undefined) return;
  const terminal = claimed === undefined ? undefined : Buffer.from(claimed.certificate.terminalId).toString('hex');
  const code = error === undefined ? undefined : problemFor(error).code;
  log({
    method: request.url,
    status: reply.statusCode,
    ...(terminal === undefined ? {} : { terminal }),
    ...(code === undefined ? {} : { code }),
  });
}
