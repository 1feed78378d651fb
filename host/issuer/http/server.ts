/** The issuer over HTTPS: terminals by client certificate under /v1, health, and one shape of refusal for everybody. */
import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import cookies from '@fastify/cookie';
import fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toHex } from '../../protocol/codec/bytes.js';
import { systemRandom } from '../../protocol/crypto/random.js';
import type { IssuerPort } from '../../protocol/issuer/port.js';
import { problemType } from '../../protocol/issuer/wire.js';
import { newTraceId, traceHeader, traceIdIn } from '../../protocol/issuer/trace-context.js';
import { operatorServer } from '../operator/server.js';
import { Metrics } from '../ops/metrics.js';
import { withTrace } from '../ops/trace.js';
import type { TlsCredentials } from '../pki/tls.js';
import { ClockGuard } from '../service/clock-guard.js';
import type { Issuer } from '../service/context.js';
import type { Enroller } from '../service/enrolment.js';
import { dashboardPages, pageHeaders } from './dashboard.js';
import { checkClock, defaultRates, rateChecks } from './limits.js';
import type { RateLimits } from './limits.js';
import { enrolmentRoute } from './enrolment-route.js';
import { operationRoutes } from './operations.js';
import { HttpProblem, problemFor, sendProblem } from './problems.js';
import type { ProblemDocument } from './problems.js';
import { TerminalAuthenticator } from './terminal-auth.js';
import { smallLimit, terminalRoutes } from './terminal-routes.js';

export interface ServerOptions {
  readonly tls: TlsCredentials;
  /** One line for each request and failure; nothing secret is in them. Without it nothing is logged. */
  readonly log?: FastifyBaseLogger;
  /** Reads certificates issued since the start (a renewal, a new terminal). */
  readonly refresh?: () => Promise<void>;
  /** What certifies new terminals; without it none is enrolled here. */
  readonly enroller?: () => Enroller;
  readonly rates?: RateLimits;
  /** Folder of the built dashboard. */
  readonly dashboard?: string;
  readonly times?: Partial<typeof times>;
  /** Figures of this process too: once in a process. */
  readonly processMetrics?: boolean;
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
  const metrics = new Metrics(issuer, () => expiryOf(options.tls.cert), options.processMetrics);
  server.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    metrics.answered(routeOptions.url ?? 'none', method, reply.statusCode, reply.elapsedTime);
    logged(request, reply);
    done();
  });
  void server.register((scope) => routes(scope, issuer, port, authenticator, metrics, options));
  return server;
}

/** Whoever came once over TLS comes over TLS again (RFC 6797). */
const everyHeader = { ...pageHeaders, 'strict-transport-security': 'max-age=15552000' };

async function routes(
  server: FastifyInstance,
  issuer: Issuer,
  port: IssuerPort,
  authenticator: TerminalAuthenticator,
  metrics: Metrics,
  options: ServerOptions,
): Promise<void> {
  const guard = new ClockGuard(issuer);
  const rates = await rateChecks(server, options.rates ?? defaultRates);
  await server.register(cookies);
  server.addHook('onRequest', async (request, reply) => {
    void reply.headers(everyHeader);
    await rates.address(request);
    if (request.method !== 'GET') await checkClock(guard);
  });
  // here, so that what nobody has is counted like everything else
  server.setNotFoundHandler((request, reply) =>
    refuse(request, reply, new HttpProblem('not-found', 'There is nothing at this address.')),
  );
  // after the body was read, whose events belong to the connection and know of no request
  server.addHook('preValidation', (request, _reply, done) => withTrace(request.id, done));
  operationRoutes(server, issuer, guard, metrics);
  terminalRoutes(server, port, authenticator, rates.terminal);
  enrolmentRoute(server, issuer, options.enroller);
  await server.register((scope) => operatorServer(scope, issuer));
  const { dashboard } = options;
  if (dashboard !== undefined) await server.register((scope) => dashboardPages(scope, dashboard));
}

function expiryOf(certificate: string): number {
  return Date.parse(new X509Certificate(certificate).validTo) / 1000;
}

/** Times in milliseconds: whoever sends slowly, or nothing, is let go. `check`: how often that is looked at. */
const times = { headers: 10_000, request: 30_000, idle: 72_000, handshake: 10_000, check: 5000 };
/** Bytes of all headers of a request. */
const headerLimit = 16 * 1024;

function listener({ tls, log, ...options }: ServerOptions): FastifyInstance {
  const { headers, request, idle, handshake, check } = { ...times, ...options.times };
  return fastify({
    https: {
      ...tls,
      // a stranger gets a problem document that says why, so his certificate is judged request by request
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      handshakeTimeout: handshake,
      maxHeaderSize: headerLimit,
      headersTimeout: headers,
      connectionsCheckingInterval: check,
    },
    bodyLimit: smallLimit,
    requestTimeout: request,
    keepAliveTimeout: idle,
    clientErrorHandler: refuseUnread,
    return503OnClosing: true,
    // the routes say how long their parts are; a hundred characters would come first
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => {
      void reply.headers(everyHeader);
      refuse(request, reply, error);
    },
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'trace' }),
    genReqId: (raw) => traceIdIn(oneValue(raw.headers[traceHeader])) ?? newTraceId(systemRandom),
    ...(log === undefined ? { logger: false } : { loggerInstance: log }),
  });
}

/** A header sent twice is as good as none. */
function oneValue(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

/** What is no HTTP that a route could answer: headers too long, or too slow. */
function refuseUnread(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const problem = unreadProblem(error.code, newTraceId(systemRandom));
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `content-type: ${problemType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function unreadProblem(code: string | undefined, trace: string): ProblemDocument {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return problemFor(new HttpProblem('too-large', `The headers have more than ${headerLimit} bytes.`), trace);
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problemFor(new HttpProblem('timeout', 'The request took too long to arrive.'), trace);
    default:
      return problemFor(new HttpProblem('malformed', 'This is no HTTP request.'), trace);
  }
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
