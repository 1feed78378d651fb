/**
 * A real PostgreSQL server for tests: data folder, port and password of its own, fsync on. It can be stopped, killed and started
 * again on the same folder. PostgreSQL refuses root, so as root it runs as the user `postgres`.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { skip } from '../support/skip.js';
import { quickFolder } from './quick-folder.js';

/** Where Debian puts the programs of each version. */
const versions = '/usr/lib/postgresql';
const isRoot = process.getuid?.() === 0;
const startLimit = 30_000;

export interface Programs {
  /** Folder with initdb, postgres, pg_dump. */
  readonly folder: string;
}

/** Capability `postgresql`: the programs, or why this machine lacks them. */
export function postgresql(): Programs | { readonly missing: string } {
  const installed = existsSync(versions) ? readdirSync(versions).map((one) => join(versions, one, 'bin')) : [];
  const folders = [...installed.reverse(), ...(process.env['PATH'] ?? '').split(delimiter)];
  const folder = folders.find((one) => existsSync(join(one, 'initdb')) && existsSync(join(one, 'postgres')));
  if (folder === undefined) return { missing: 'PostgreSQL is not installed' };
  if (isRoot && spawnSync('id', ['postgres']).status !== 0) return { missing: 'there is no user postgres to run it' };
  return { folder };
}

/** In a `before` hook or a test: skips, aloud, what needs a server this machine lacks. */
export function needsPostgresql(context: Mocha.Context): void {
  const found = postgresql();
  if ('missing' in found) skip(context, found.missing);
}

export interface ServerOptions {
  /** Settings of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** It answers on a socket in its folder too ({@link PostgresServer.socketUrl}). */
  readonly socket?: boolean;
  /** Nothing on it is to outlive the machine: it lies in memory where there is room. */
  readonly isFleeting?: boolean;
}

export class PostgresServer {
  private child: ChildProcess | undefined;
  private databases = 0;

  private constructor(
    private readonly programs: Programs,
    private readonly folder: string,
    private readonly port: number,
    private readonly password: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** @throws where `postgresql()` is missing */
  static async start({
    settings = {},
    socket = false,
    isFleeting = false,
  }: ServerOptions = {}): Promise<PostgresServer> {
    const programs = postgresql();
    if ('missing' in programs) throw new Error(programs.missing);
    const folder = isFleeting ? quickFolder('epurse-pg-') : mkdtempSync(join(tmpdir(), 'epurse-pg-'));
    if (isRoot) execFileSync('chown', ['postgres', folder]);
    const password = randomBytes(16).toString('hex');
    const server = new PostgresServer(programs, folder, await freePort(), password, {
      unix_socket_directories: socket ? folder : '',
      ...settings,
    });
    process.once('exit', server.onExit);
    server.initialise();
    await server.restart();
    return server;
  }

  /** Of a database of this server; the password is in it. */
  url(database = 'postgres'): string {
    return `postgres://epurse:${this.password}@127.0.0.1:${this.port}/${database}`;
  }

  /** The same without the network: a Unix domain socket (libpq, connection URIs). */
  socketUrl(database = 'postgres'): string {
    return `postgres://epurse:${this.password}@/${database}?host=${encodeURIComponent(this.folder)}&port=${this.port}`;
  }

  /** Id of the postmaster. */
  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('the server does not run');
    return this.child.pid;
  }

  /** A database of its own, empty or a copy of `template`, to which nobody may be connected. @returns its URL */
  async createDatabase(template = 'template1'): Promise<string> {
    const name = `epurse_${++this.databases}`;
    await this.admin(`create database ${name} template ${template}`);
    return this.url(name);
  }

  async dropDatabase(url: string): Promise<void> {
    await this.admin(`drop database if exists ${new URL(url).pathname.slice(1)} with (force)`);
  }

  /** Starts it, on the same folder and port; returns when it answers. Recovers first where it was killed. */
  async restart(): Promise<void> {
    const deadline = Date.now() + startLimit;
    for (;;) {
      const child = this.spawned();
      if (await this.answers(child, deadline)) {
        this.child = child;
        return;
      }
      // what a killed postmaster leaves behind ends by itself, and until then holds its shared memory
      if (Date.now() > deadline) throw new Error(`PostgreSQL does not start:\n${this.log()}`);
      await pause(50);
    }
  }

  /** `fast`: connections are ended, all is written. `immediate`: as after a crash, orderly. `kill`: SIGKILL to the postmaster. */
  async end(how: 'fast' | 'immediate' | 'kill'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(({ fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const)[how]);
    await ended;
  }

  /** Stops it and removes everything. */
  async stop(): Promise<void> {
    await this.end('immediate');
    process.removeListener('exit', this.onExit);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** What the server wrote to its log. */
  log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8');
  }

  private initialise(): void {
    const passwordFile = join(this.folder, 'password');
    writeFileSync(passwordFile, this.password, { mode: 0o600 });
    if (isRoot) execFileSync('chown', ['postgres', passwordFile]);
    const how = ['-U', 'epurse', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8', '--no-locale'];
    const [program, args] = this.command('initdb', ['-D', this.data, '--no-sync', ...how]);
    execFileSync(program, args, { stdio: 'pipe', cwd: this.folder });
    rmSync(passwordFile);
    writeFileSync(join(this.folder, 'log'), '', { mode: 0o666 });
    if (isRoot) execFileSync('chown', ['postgres', join(this.folder, 'log')]);
  }

  private spawned(): ChildProcess {
    const given = {
      listen_addresses: '127.0.0.1',
      port: `${this.port}`,
      ...this.settings,
    };
    const settings = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const [program, args] = this.command('postgres', ['-D', this.data, ...settings]);
    // through a shell for the log alone; exec keeps the process id
    const script = `exec "$@" >>'${join(this.folder, 'log')}' 2>&1`;
    return spawn('/bin/sh', ['-c', script, 'sh', program, ...args], { stdio: 'ignore', cwd: this.folder });
  }

  private async answers(child: ChildProcess, deadline: number): Promise<boolean> {
    while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
      const client = new pg.Client({ connectionString: this.url() });
      // a server that goes away again breaks the connection
      client.on('error', () => undefined);
      const answered = await client.connect().then(
        () => true,
        () => false,
      );
      await client.end().catch(() => undefined);
      if (answered) return true;
      await pause(20);
    }
    return false;
  }

  private async admin(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.url() });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  private command(program: string, args: readonly string[]): [string, string[]] {
    const path = join(this.programs.folder, program);
    // it goes when this process goes, however that ends
    return isRoot
      ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', '--pdeathsig=INT', path, ...args]]
      : [path, [...args]];
  }

  /** A run that is given up leaves no server behind. */
  private readonly onExit = (): void => {
    this.child?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  };
}

/** A port nobody uses now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}
