/** Files that a terminal must never find half written, and secrets that nobody else may read. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { randomBytes } from 'node:crypto';

/** Mode of files with keys or PINs. */
export const ownerOnly = 0o600;

/**
 * Replaces a file as a whole: a reader, or this process after a power cut, finds the old content or the new.
 *
 * @param mode permissions of the new file, 0600 unless it may be public
 */
export function replaceFile(path: string, content: string | Uint8Array, mode = ownerOnly): void {
  const beside = `${path}.${randomBytes(4).toString('hex')}.new`;
  const file = openSync(beside, 'wx', mode);
  try {
    writeWhole(file, typeof content === 'string' ? Buffer.from(content, 'utf8') : content);
    fsyncSync(file);
  } catch (error) {
    closeSync(file);
    unlinkSync(beside);
    throw error;
  }
  closeSync(file);
  renameSync(beside, path);
  syncFolder(dirname(path));
}

/** Writes all bytes, however many calls the system makes of it. */
export function writeWhole(file: number, content: Uint8Array): void {
  for (let done = 0; done < content.length;) done += writeSync(file, content, done);
}

/** Makes the names in a folder durable: a file that was just created or renamed is there after a power cut. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } catch {
    // some file systems refuse fsync on folders; they order renames themselves
  } finally {
    closeSync(handle);
  }
}

/** The content of a file, or undefined where there is none. Other errors are thrown as the system gives them. */
export function readIfThere(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
