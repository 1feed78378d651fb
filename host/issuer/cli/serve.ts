/** `epurse issuer serve`: the port over HTTPS until somebody stops it. */
import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { systemClock } from '../../protocol/codec/time.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { announce } from '../http/announcement.js';
import { builtDashboard, dashboardPath } from '../http/dashboard.js';
import { issuerServer } from '../http/server.js';
import { registerKnownTerminals } from '../open.js';
import type { OpenedIssuer } from '../open.js';
import { issuerLog, logLevels } from '../ops/log.js';
import type { LogLevel } from '../ops/log.js';
import { acquirerKeyring } from '../pki/scheme-init.js';
import { serverCredentials, tlsKeys } from '../pki/tls.js';
import type { TlsCredentials } from '../pki/tls.js';
import type { Enroller } from '../service/enrolment.js';
import type { Unlocking } from '../pki/unlock.js';
import { withIssuer } from './with-issuer.js';

interface ServeOptions {
  readonly host: string;
  readonly port: string;
  /** Further names under which terminals reach this machine, separated by commas. */
  readonly name?: string;
  /** File for the log; standard error without. */
  readonly log?: string;
  readonly logLevel?: string;
}

export function issuerServe(run: Run): Promise<Outcome> {
  const options = run.options as unknown as ServeOptions;
  return withIssuer(run, (opened, unlock) => serve(run, opened, unlock, options));
}

async function serve(
  run: Run,
  { issuer, port }: OpenedIssuer,
  unlock: Unlocking,
  options: ServeOptions,
): Promise<Outcome> {
  const home = run.home();
  const keys = tlsKeys(home, issuer.scheme.id, systemClock(), unlock);
  const tls = (): TlsCredentials => serverCredentials(home, keys, namesOf(options), systemClock());
  const log = issuerLog(levelOf(options.logLevel), pino.destination({ dest: options.log ?? 2, sync: false }));
  const enroller = (): Enroller => ({
    get keys() {
      return acquirerKeyring(home, issuer.scheme, unlock);
    },
    authority: keys.authority,
  });
  const refresh = (): Promise<void> => registerKnownTerminals(issuer, home);
  const server = issuerServer(issuer, port, {
    tls: tls(),
    log,
    refresh,
    enroller,
    dashboard: builtDashboard,
    processMetrics: true,
  });
  const listening = server.listen({ host: options.host, port: portNumber(options.port) });
  const url = await reached(listening, options.host, options.port);
  const renewing = setInterval(() => (server.server as unknown as TlsServer).setSecureContext(tls()), renewalCheck);
  const withdraw = announce(home, url);
  try {
    run.out.event('listening', { url });
    run.out.say(
      `The issuer listens at ${url}, its dashboard at ${url}${dashboardPath}. Ctrl-C stops it; requests under way are finished first.`,
    );
    await stopSignal();
  } finally {
    clearInterval(renewing);
    withdraw();
    await stopped(server);
  }
  return { url };
}

/** Requests under way are finished, as long as they take no longer than this; then the rest is cut off. Milliseconds. */
const patience = 25_000;

async function stopped(server: FastifyInstance): Promise<void> {
  // connections that become idle after the first look would be kept open for the next request, which never comes
  const idle = setInterval(() => server.server.closeIdleConnections(), 100);
  const cut = setTimeout(() => server.server.closeAllConnections(), patience);
  await server.close();
  clearInterval(idle);
  clearTimeout(cut);
}

interface TlsServer {
  setSecureContext(credentials: TlsCredentials): void;
}

/** How often the server looks whether its certificate runs out, milliseconds. */
const renewalCheck = 6 * 3600 * 1000;

/** What a terminal may call this machine: its certificate names all of it. */
function namesOf({ host, name = '' }: ServeOptions): string[] {
  const further = name.split(',').map((one) => one.trim());
  const every = ['localhost', '127.0.0.1', '::1', hostname(), host, ...further];
  return [...new Set(every.filter((one) => one !== '' && one !== '0.0.0.0' && one !== '::'))];
}

function levelOf(text = 'info'): LogLevel {
  const level = logLevels.find((known) => known === text);
  if (level === undefined)
    throw new Failure('usage', `"${text}" is no level of the log.`, { next: `There are ${logLevels.join(', ')}.` });
  return level;
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65_535) throw new Failure('usage', `"${text}" is not a port: a number of 0 to 65535.`);
  return port;
}

async function reached(address: Promise<string>, host: string, port: string): Promise<string> {
  try {
    return await address;
  } catch (cause) {
    throw new Failure('port-unusable', `The issuer cannot listen at ${host}:${port}: ${(cause as Error).message}.`, {
      next: 'Name another with --port, or stop what uses it.',
      cause,
    });
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
