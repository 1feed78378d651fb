/** `epurse issuer serve`: the port over HTTP until somebody stops it. */
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { announce } from '../http/announcement.js';
import { issuerServer } from '../http/server.js';
import { withIssuer } from './with-issuer.js';

export function issuerServe(run: Run): Promise<Outcome> {
  const { host, port } = run.options as { host: string; port: string };
  return withIssuer(run, async ({ issuer, port: issuerPort }) => {
    const server = issuerServer(issuer, issuerPort, {
      log: (line) => {
        run.out.event('request', { ...line });
        run.out.say(
          `${line.method} ${line.status}${line.code === undefined ? '' : ` ${line.code}`} ${line.terminal ?? ''}`,
        );
      },
    });
    const url = await listening(server.listen({ host, port: portNumber(port) }), host, port);
    const withdraw = announce(run.home(), url);
    try {
      run.out.event('listening', { url });
      run.out.say(`The issuer listens at ${url}. Ctrl-C stops it; requests under way are finished first.`);
      await stopSignal();
    } finally {
      withdraw();
      await server.close();
    }
    return { url };
  });
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65_535) throw new Failure('usage', `"${text}" is not a port: a number of 0 to 65535.`);
  return port;
}

async function listening(address: Promise<string>, host: string, port: string): Promise<string> {
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
