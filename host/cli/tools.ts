/** Programs of others that commands here run: found by path, run with their output shown. */
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure } from '../terminal/outcome.js';
import type { Run } from './command-line.js';

/**
 * A file or folder named by an option.
 *
 * @param where says where people get it, for when it is missing
 * @throws Failure file-missing
 */
export function required(option: string, value: string | undefined, kind: 'file' | 'folder', where: string): string {
  if (value === undefined) throw new Failure('usage', `${option} is missing.`, { next: where });
  const path = resolve(value);
  const fits = existsSync(path) && statSync(path).isDirectory() === (kind === 'folder');
  if (!fits) throw new Failure('file-missing', `${option}: there is no ${kind} ${path}.`, { next: where });
  return path;
}

/**
 * Runs a program to its end. Its words go to stderr line by line, so that stdout keeps to the command's own.
 *
 * @throws Failure tool-failed where it cannot be started or ends with an error
 */
export async function runTool(
  run: Run,
  what: string,
  command: string,
  args: readonly string[],
  advice: string,
): Promise<void> {
  const quiet = run.global.json === true;
  const ended = await new Promise<number | Error | null>((done) => {
    const child = spawn(command, args, { stdio: ['ignore', quiet ? 'ignore' : process.stderr, process.stderr] });
    child.on('error', done);
    child.on('close', (code) => done(code));
  });
  if (ended === 0) return;
  const why = ended instanceof Error ? `cannot be started (${ended.message})` : `ended with code ${ended ?? 'none'}`;
  throw new Failure('tool-failed', `${what} ${why}.`, { next: advice });
}
