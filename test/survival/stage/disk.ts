/** The disk under a process: each change of a file is a step, and from the n-th on it fails, if somebody says so. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { saidPipe } from './said.js';

/** From that change on, from 0: the disk is full, or read-only. */
export interface DiskFault {
  readonly code: 'ENOSPC' | 'EROFS';
  readonly at: number;
}

/** Calls that need room on the disk, or the right to write. */
const changes = [
  'writeSync',
  'writeFileSync',
  'appendFileSync',
  'renameSync',
  'mkdirSync',
  'ftruncateSync',
  'linkSync',
] as const;

/** Calls that a full disk lets through. */
const removals = ['unlinkSync', 'rmSync'] as const;

/** @param passed told of each change that was made */
export function watchDisk(fault: DiskFault | undefined, passed: (change: string) => void): void {
  let count = 0;
  patch(changes, passed, (name) => {
    if (fault === undefined || count++ < fault.at) return;
    throw Object.assign(new Error(`${fault.code}: ${name}`), { code: fault.code, syscall: name });
  });
  patch(removals, passed, () => undefined);
  syncBuiltinESMExports();
}

function patch(names: readonly string[], passed: (change: string) => void, before: (name: string) => void): void {
  const patched = fs as unknown as Record<string, (...given: unknown[]) => unknown>;
  for (const name of names) {
    const real = patched[name];
    if (real === undefined) continue;
    patched[name] = (...given) => {
      // screens and what the process says are no files
      if (name === 'writeSync' && isNoFile(given[0])) return real.apply(fs, given);
      before(name);
      const result = real.apply(fs, given);
      passed(name);
      return result;
    };
  }
}

function isNoFile(descriptor: unknown): boolean {
  return descriptor === 1 || descriptor === 2 || descriptor === saidPipe;
}
