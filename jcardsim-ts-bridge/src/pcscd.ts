import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { BridgeError } from './errors.js';
import { defaultVpcdPort } from './insertion.js';
import { waitFor } from './processes.js';

export interface PcscdOptions {
  /** Default: pcscd of /usr/sbin, /usr/local/sbin or PATH. */
  readonly pcscdPath?: string;
  /** Milliseconds the virtual readers may take to appear. Default 10 000. */
  readonly readyWithin?: number;
  /** TCP port of the first virtual reader; default 35963, as the driver's configuration has it. */
  readonly port?: number;
  /** Leaves a pcscd that is started here running when this process ends; whoever wants it ended keeps its pid. */
  readonly detached?: boolean;
}

/** A running pcscd with virtual readers in it. */
export interface Pcscd {
  readonly pid: number;
  /** True when {@link openPcscd} started it, so that {@link stop} ends it. */
  readonly ours: boolean;
  /** TCP port of the first virtual reader; the second has the next one. */
  readonly port: number;
  /** Ends a pcscd of ours; leaves another alone. */
  stop(): Promise<void>;
}

const places = ['/usr/sbin/pcscd', '/usr/local/sbin/pcscd', '/sbin/pcscd'];
const systemBus = '/run/dbus/system_bus_socket';
const driverConfiguration = '/etc/reader.conf.d/vpcd';
const settling = 150;
const stopWithin = 5000;
/** For a pcscd that does not even say how it is called. */
const helpWithin = 2000;
const keptLogLength = 2000;

/**
 * Finds the pcscd that runs, or starts one in the foreground as a child of this process; then waits for the virtual readers.
 * Note that the vpcd driver listens on every interface of the machine.
 *
 * @throws BridgeError PcscdNotInstalled, VpcdNotInstalled, PcscdNotReady
 */
export async function openPcscd(options: PcscdOptions = {}): Promise<Pcscd> {
  const port = options.port ?? defaultVpcdPort;
  const readyWithin = options.readyWithin ?? 10_000;
  const running = await findPcscd();
  if (running !== undefined) return adopt(running, port, readyWithin);
  const path = options.pcscdPath ?? places.find((place) => existsSync(place)) ?? 'pcscd';
  if (!existsSync(driverConfiguration) && options.port === undefined) {
    throw new BridgeError(
      'VpcdNotInstalled',
      'The virtual reader is missing; on Debian: apt-get install vsmartcard-vpcd',
    );
  }
  return start(path, port, readyWithin, options.detached ?? false);
}

/** The pid of a running pcscd, whoever started it; undefined where there is none. Linux only. */
export async function findPcscd(): Promise<number | undefined> {
  const entries = await readdir('/proc').catch(() => []);
  for (const entry of entries) {
    if (!/^[0-9]+$/.test(entry)) continue;
    const status = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    if (/^\d+ \(pcscd\) [^Z]/.test(status)) return Number(entry);
  }
  return undefined;
}

async function adopt(pid: number, port: number, readyWithin: number): Promise<Pcscd> {
  if (!(await waitFor(readyWithin, async () => ((await isListening(port)) ? true : undefined)))) {
    throw new BridgeError(
      existsSync(driverConfiguration) ? 'PcscdNotReady' : 'VpcdNotInstalled',
      `pcscd runs as process ${pid} but has no virtual reader on port ${port}; install vsmartcard-vpcd and restart pcscd.`,
    );
  }
  return { pid, ours: false, port, stop: () => Promise.resolve() };
}

async function start(path: string, port: number, readyWithin: number, detached: boolean): Promise<Pcscd> {
  const args = ['--foreground', ...(await withoutPolkit(path))];
  const output = detached ? 'ignore' : 'pipe';
  const child = spawn(path, args, { stdio: ['ignore', output, output], detached });
  const log = keepLog(child);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (status, signal) => resolve(signal ?? `status ${status ?? 'unknown'}`));
  });
  let how: string | undefined;
  void ended.then((end) => (how = end));
  await waitFor(readyWithin, async () => (how !== undefined || (await isListening(port)) ? true : undefined));
  if (how === undefined && (await isListening(port))) {
    // the readers listen a moment before pcscd lists them
    await sleep(settling);
    if (how === undefined) return own(child, ended, port, detached);
  }
  child.kill('SIGKILL');
  throw startError(child, path, how, log());
}

function own(child: ChildProcess, ended: Promise<string>, port: number, detached: boolean): Pcscd {
  child.unref();
  const endWithUs = (): void => void child.kill('SIGTERM');
  if (!detached) process.once('exit', endWithUs);
  return {
    pid: child.pid ?? 0,
    ours: true,
    port,
    stop: async () => {
      process.off('exit', endWithUs);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), stopWithin);
      await ended;
      clearTimeout(kill);
    },
  };
}

/**
 * From 2.0 on, pcscd asks polkit about every client and refuses all, root too, where no system bus is there to ask through: in
 * a container, in a chroot. There, the rights of its socket are what protects it, as they did before.
 */
async function withoutPolkit(path: string): Promise<string[]> {
  if (existsSync(systemBus)) return [];
  const option = '--disable-polkit';
  const help = await new Promise<string>((resolve) => {
    const options = { timeout: helpWithin, killSignal: 'SIGKILL' } as const;
    execFile(path, ['--help'], options, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
  return help.includes(option) ? [option] : [];
}

function keepLog(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => (text = (text + part).slice(-keptLogLength)));
    (stream as { unref?: () => void } | null)?.unref?.();
  }
  return () => text.trim();
}

function startError(child: ChildProcess, path: string, how: string | undefined, log: string): BridgeError {
  if (child.pid === undefined) {
    return new BridgeError(
      'PcscdNotInstalled',
      `"${path}" cannot be run; on Debian: apt-get install pcscd vsmartcard-vpcd`,
    );
  }
  const what = how === undefined ? 'shows no virtual reader' : `ended at once (${how})`;
  return new BridgeError(
    'PcscdNotReady',
    `pcscd ${what}; it usually has to be started by root.${log === '' ? '' : `\n${log}`}`,
  );
}

/** Looks into the kernel's tables: to connect would put a card into the reader. */
async function isListening(port: number): Promise<boolean> {
  const listening = new RegExp(
    `^ *\\d+: [0-9A-F]+:${port.toString(16).toUpperCase().padStart(4, '0')} [0-9A-F]+:0000 0A `,
    'm',
  );
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    if (listening.test(await readFile(table, 'utf8').catch(() => ''))) return true;
  }
  return false;
}
