/** The issuer over HTTPS: terminals by client certificate under /v1, health, and one shape of refusal for everybody. */
import fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { toHex } from '../../protocol/codec/bytes.js';
import { systemRandom } from '../../protocol/crypto/random.js';
import type { IssuerPort } from '../../protocol/issuer/port.js';
import { newTraceId, traceHeader, traceIdIn } from '../../protocol/issuer/trace-context.js';
import { operatorServer } from '../operator/server.js';
import { withTrace } from '../ops/trace.js';
import type { TlsCredentials } from '../pki/tls.js';
import type { Issuer } from '../service/context.js';
import { dashboardPages } from './dashboard.js';
import { HttpProblem, sendProblem } from './problems.js';
import type { ProblemDocument } from './problems.js';
import { TerminalAuthenticator } from './terminal-auth.js';
import { smallLimit, terminalRoutes } from './terminal-routes.js';

export interface ServerOptions {
  readonly tls: TlsCredentials;
  /** One line for each request and failure; nothing secret is in them. Without it nothing is logged. */
  readonly log?: FastifyBaseLogger;
  /** Reads certificates issued since the start (a renewal, a new terminal). */
  readonly refresh?: () => Promise<void>;
  /** Folder of the dashboard's files; none without it. */
  readonly dashboard?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The refusal it was answered with. */
    problem?: ProblemDocument;
  }
}

export function issuerServer(issuer: Issuer, port: IssuerPort, options: ServerOptions): FastifyInstance {
  const server = listener(options);
  const authenticator = new TerminalAuthenticator(issuer, options.tls.ca, options.refresh);
  // bytes: what is no JSON gets the same refusal as JSON that does not fit
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.decorateRequest('terminal', undefined);
  server.decorateRequest('problem', undefined);
  server.setErrorHandler((error, request, reply) => refuse(request, reply, error));
  server.setNotFoundHandler((request, reply) =>
    refuse(request, reply, new HttpProblem('not-found', 'There is nothing at this address.')),
  );
  // after the body was read, whose events belong to the connection and know of no request
  server.addHook('preValidation', (request, _reply, done) => withTrace(request.id, done));
  server.addHook('onResponse', (request, reply, done) => {
    logged(request, reply);
    done();
  });
  const { dashboard } = options;
  if (dashboard !== undefined) void server.register((scope) => dashboardPages(scope, dashboard));
  server.get('/health', async () => {
    await sql`select 1`.execute(issuer.store.db);
    return { status: 'ok' };
  });
  terminalRoutes(server, port, authenticator);
  void server.register((scope) => operatorServer(scope, issuer));
  return server;
}

/** Times in milliseconds: whoever sends slowly, or nothing, is let go. */
const times = { headers: 10_000, request: 30_000, idle: 72_000, handshake: 10_000 } as const;
/** Bytes of all headers of a request. */
const headerLimit = 16 * 1024;

function listener({ tls, log }: ServerOptions): FastifyInstance {
  const server = fastify({
    https: {
      ...tls,
      // a stranger gets a problem document that says why, so his certificate is judged request by request
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      handshakeTimeout: times.handshake,
      maxHeaderSize: headerLimit,
    },
    bodyLimit: smallLimit,
    requestTimeout: times.request,
    keepAliveTimeout: times.idle,
    return503OnClosing: true,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'trace' }),
    genReqId: ({ headers }) => traceIdIn(oneValue(headers[traceHeader])) ?? newTraceId(systemRandom),
    ...(log === undefined ? { logger: false } : { loggerInstance: log }),
  });
  server.server.headersTimeout = times.headers;
  // routes look at the socket alone, and find out themselves that it is one of TLS
  return server;
}

/** A header sent twice is as good as none. */
function oneValue(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

function refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
  request.problem = sendProblem(request, reply, error);
  if (request.problem.status >= 500) request.log.error({ err: error }, 'failed');
}

function logged(request: FastifyRequest, reply: FastifyReply): void {
  const { terminal, operator, problem, method, routeOptions } = request;
  request.log.info(
    {
      method,
      // the route and not the address: what somebody typed there may be anything
      route: routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ...(terminal === undefined ? {} : { terminal: toHex(terminal.terminalId) }),
      ...(operator === undefined ? {} : { operator }),
      ...(problem === undefined ? {} : { code: problem.code }),
    },
    'answered',
  );
}
