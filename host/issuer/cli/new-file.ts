/** Files for one person's eyes that no earlier one is lost to. */
import { openSync } from 'node:fs';
import { ownerOnly } from '../../terminal/files.js';
import { Failure } from '../../terminal/outcome.js';
import { systemFailure } from '../../terminal/system-failure.js';

/**
 * Makes the file before anything else is done.
 *
 * @param next what to do where there is one already
 * @returns its descriptor
 * @throws Failure file-exists, files-unusable, disk-full
 */
export function newFile(path: string, next: string): number {
  try {
    return openSync(path, 'wx', ownerOnly);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw systemFailure(cause) ?? cause;
    throw new Failure('file-exists', `There is a file ${path} already; nothing was done.`, { next, cause });
  }
}
