/** The home folder: keys, journals, virtual cards and the embedded ledger of one installation. */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Failure } from './outcome.js';
import { systemSentence } from './system-failure.js';

export class Home {
  constructor(readonly folder: string) {}

  /** A path inside the home folder; nothing is created. */
  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** A folder inside the home folder, created for the owner alone (mode 0700) where missing. */
  makeFolder(...parts: readonly string[]): string {
    const folder = this.path(...parts);
    try {
      makeWithParents(folder);
    } catch (cause) {
      throw unusable(folder, cause);
    }
    return folder;
  }
}

/**
 * Opens the home folder named by `--home`, else by EPURSE_HOME, else `.epurse` beside the program, and creates it where missing.
 *
 * @throws Failure home-unusable where it is no folder or cannot be read and written
 */
export function openHome(named: string | undefined, programFolder: string): Home {
  const folder = resolve(named ?? process.env['EPURSE_HOME'] ?? join(programFolder, '.epurse'));
  try {
    makeWithParents(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unusable(folder, cause);
  }
  return new Home(folder);
}

/** One folder after the other: the recursive form of mkdir never returns where the system makes none, as below /proc. */
function makeWithParents(folder: string): void {
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there?.isDirectory() === true) return;
  if (there !== undefined) throw new Error(`${folder} is no folder`);
  makeWithParents(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function unusable(folder: string, cause: unknown): Failure {
  const why = systemSentence(cause) ?? (cause instanceof Error ? `${cause.message}.` : String(cause));
  return new Failure('home-unusable', `The home folder ${folder} cannot be used. ${why}`, {
    next: 'Name another with --home or EPURSE_HOME, or mend its permissions.',
    cause,
  });
}
