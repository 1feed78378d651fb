/** What the operating system refused, in words: a full disk, a file that may not be read or written. */
import { Failure } from './outcome.js';

const sentences: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full.',
  EDQUOT: 'The disk quota is used up.',
  EROFS: 'The disk is read-only.',
  EACCES: 'It may not be read or written by this user.',
  EPERM: 'The system does not permit it.',
  ENOENT: 'It, or the folder it is in, is not there.',
  ENOTDIR: 'A part of its path is no folder.',
  EISDIR: 'It is a folder.',
  EIO: 'The disk failed.',
  EMFILE: 'Too many files are open.',
};

/** The system's reason as a sentence; undefined for an error that is not the system's. */
export function systemSentence(error: unknown): string | undefined {
  const code = codeOf(error);
  return code === undefined ? undefined : (sentences[code] ?? `The system reports ${code}.`);
}

/** A failure before any money could move; undefined for an error that is not the system's. */
export function systemFailure(error: unknown): Failure | undefined {
  const sentence = systemSentence(error);
  if (sentence === undefined) return undefined;
  const full = ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');
  const { path } = error as NodeJS.ErrnoException;
  const where = path === undefined ? '' : `${path} cannot be used. `;
  return new Failure(full ? 'disk-full' : 'files-unusable', `${where}${sentence}`, {
    next: full ? 'Make room and call again.' : 'Mend the file or its permissions and call again.',
    cause: error,
  });
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? undefined : code;
}
