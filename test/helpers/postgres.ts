/** A PostgreSQL server for one suite: own data folder, own socket, no network; ended with the suite. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian puts the programs of each version. */
const versions = '/usr/lib/postgresql';

export interface Postgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** Folder with initdb and postgres, or undefined. */
export function postgresPrograms(): string | undefined {
  const found = existsSync(versions) ? readdirSync(versions).map((version) => join(versions, version, 'bin')) : [];
  return found.filter((bin) => existsSync(join(bin, 'initdb'))).at(-1);
}

/** As root the server runs as the user `postgres`, for it refuses root. @returns undefined where it cannot run here */
export async function startPostgres(): Promise<Postgres | undefined> {
  const bin = postgresPrograms();
  if (bin === undefined) return undefined;
  const asRoot = process.getuid?.() === 0;
  if (asRoot && spawnSync('id', ['postgres']).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'epurse-pg-'));
  chmodSync(folder, 0o700);
  if (asRoot) execFileSync('chown', ['postgres', folder]);
  const run = (program: string, args: readonly string[]): [string, string[]] =>
    asRoot
      ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', join(bin, program), ...args]]
      : [join(bin, program), [...args]];
  const data = join(folder, 'data');
  const [initdb, initArgs] = run('initdb', [
    '-D',
    data,
    '-U',
    'epurse',
    '-A',
    'trust',
    '--no-sync',
    '-E',
    'UTF8',
    '--no-locale',
  ]);
  execFileSync(initdb, initArgs, { stdio: 'ignore', cwd: folder });
  const [server, serverArgs] = run('postgres', ['-D', data, '-k', folder, '-c', 'listen_addresses=']);
  const child = spawn(server, serverArgs, { stdio: 'ignore', cwd: folder });
  await waitFor(() => spawnSync(join(bin, 'pg_isready'), ['-q', '-h', folder]).status === 0, child);
  return {
    url: `postgres:///postgres?host=${encodeURIComponent(folder)}&user=epurse`,
    stop: () => stop(child, folder),
  };
}

async function waitFor(ready: () => boolean, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (ready()) return;
    if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('postgres does not start');
}

/** Fast shutdown: connections are closed, nothing is lost. */
async function stop(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
