/** The command line as a program of its own: its words on the two outputs, and its exit code. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './project.js';

const program = join(projectRoot, 'build', 'host', 'cli', 'main.js');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function epurse(...words: readonly string[]): Ended {
  return spawnSync(process.execPath, [program, ...words], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
}

/** The outcome that `--json` ends with. */
export function lastLine({ stdout }: Ended): Record<string, unknown> {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}
