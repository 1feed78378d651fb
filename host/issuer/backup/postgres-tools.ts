/** pg_dump and pg_restore on a database named by its URL. The password travels in the environment, which no process list shows. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BackupError } from './errors.js';

type Tool = 'pg_dump' | 'pg_restore';

/** Where Debian keeps those of each version; the newest reads what all servers before it write. */
const versions = '/usr/lib/postgresql';

/** @param snapshot of a transaction that is open meanwhile. @throws BackupError tool, when read */
export function dump(url: string, snapshot: string): { readonly content: Readable; readonly done: Promise<void> } {
  const child = started('pg_dump', url, ['--format=custom', '--no-owner', '--no-privileges', `--snapshot=${snapshot}`]);
  child.process.stdin.end();
  return { content: child.process.stdout, done: child.done };
}

/** All of it or nothing. @throws BackupError tool */
export async function restore(url: string, content: Readable): Promise<void> {
  const whole = ['--single-transaction', '--exit-on-error', '--clean', '--if-exists'];
  const child = started('pg_restore', url, [...whole, '--no-owner', '--no-privileges']);
  child.process.stdout.resume();
  // a tool that ends early says why itself
  await pipeline(content, child.process.stdin).catch(() => undefined);
  await child.done;
}

function started(tool: Tool, url: string, args: readonly string[]) {
  const { password, ...target } = withoutPassword(url);
  const environment = { ...process.env, ...(password === '' ? {} : { PGPASSWORD: password }) };
  const child = spawn(pathOf(tool), [...args, `--dbname=${target.url}`], { env: environment });
  let words = '';
  child.stderr.on('data', (part: Buffer) => (words += part.toString()));
  const done = new Promise<void>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new BackupError('tool', `${tool} cannot be started; it comes with postgresql-client.`, { cause })),
    );
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new BackupError('tool', `${tool} failed: ${words.trim().split('\n').at(0) ?? `code ${code}`}`));
    });
  });
  // looked at when its output has been read
  done.catch(() => undefined);
  return { process: child, done };
}

function withoutPassword(url: string): { url: string; password: string } {
  const parsed = new URL(url);
  const password = decodeURIComponent(parsed.password);
  parsed.password = '';
  return { url: parsed.href, password };
}

function pathOf(tool: Tool): string {
  const installed = existsSync(versions) ? readdirSync(versions).map((one) => join(versions, one, 'bin')) : [];
  const newest = installed.toSorted((a, b) => Number(b.split('/').at(-2)) - Number(a.split('/').at(-2)));
  const folders = [...newest, ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, tool)).find((path) => existsSync(path)) ?? tool;
}
