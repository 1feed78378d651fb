/** Runs a suite's program to its end. */
import { spawn } from 'node:child_process';

export interface Ended {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  /** Both streams, interleaved as they came; the last part where it is long. */
  readonly output: string;
}

const keptOutput = 200_000;

/** Never rejects: a program that cannot be started ends with code null and says why in its output. */
export function runToEnd(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly timeoutMs: number; readonly env?: Readonly<Record<string, string>> },
): Promise<Ended> {
  return new Promise((resolve) => {
    let output = '';
    const keep = (part: Buffer): void => {
      output = (output + part.toString('utf8')).slice(-keptOutput);
    };
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const late = setTimeout(() => {
      output += `\nstopped after ${options.timeoutMs / 1000} s`;
      child.kill('SIGKILL');
    }, options.timeoutMs);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      clearTimeout(late);
      resolve({ exitCode: null, output: error.message });
    });
    child.on('close', (exitCode) => {
      clearTimeout(late);
      resolve({ exitCode, output });
    });
  });
}
