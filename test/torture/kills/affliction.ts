/**
 * Loaded before a terminal's program (`node --import`): its disk fails at the n-th change of a file, and from then on, or its clock is
 * wrong. EPURSE_DISK_FAILS is `ENOSPC 7`: full at the eighth change; `EROFS 0`: read-only from the start. EPURSE_CLOCK_OFF: seconds.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [code = '', at = ''] = (process.env['EPURSE_DISK_FAILS'] ?? '').split(' ');
const off = Number(process.env['EPURSE_CLOCK_OFF'] ?? 0);

if (code !== '') failDisk(code, Number(at));
if (off !== 0) {
  const right = Date.now;
  Date.now = () => right() + 1000 * off;
}

/** Calls that change what is on the disk. */
const changes = [
  'writeSync',
  'writeFileSync',
  'appendFileSync',
  'renameSync',
  'mkdirSync',
  'ftruncateSync',
  'linkSync',
] as const;

function failDisk(errorCode: string, last: number): void {
  let count = 0;
  const patched = fs as unknown as Record<string, (...given: unknown[]) => unknown>;
  for (const name of changes) {
    const real = patched[name];
    if (real === undefined) continue;
    patched[name] = (...given) => {
      // what goes to a terminal's screen is no file
      const toScreen = name === 'writeSync' && (given[0] === 1 || given[0] === 2);
      if (!toScreen && count++ >= last) {
        throw Object.assign(new Error(`${errorCode}: ${name}`), { code: errorCode, syscall: name });
      }
      return real.apply(fs, given);
    };
  }
  syncBuiltinESMExports();
}
