/** Temporary folders for what need not outlive the machine: in memory where there is room, so that nobody waits for a disk. */
import { existsSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const shared = '/dev/shm';
/** Bytes that have to be free there: databases are made in such folders, and others want some of it too. */
const room = 1024 ** 3;

/** @returns a new folder, which the caller removes */
export function quickFolder(prefix: string): string {
  return mkdtempSync(join(hasRoom() ? shared : tmpdir(), prefix));
}

function hasRoom(): boolean {
  if (!existsSync(shared)) return false;
  const { bavail, bsize } = statfsSync(shared);
  return bavail * bsize >= room;
}
