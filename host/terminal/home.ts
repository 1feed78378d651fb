/** The home folder: keys, journals, virtual cards and the embedded ledger of one installation. */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure } from './outcome.js';

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
      mkdirSync(folder, { recursive: true, mode: 0o700 });
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
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!statSync(folder).isDirectory()) throw new Error('not a folder');
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unusable(folder, cause);
  }
  return new Home(folder);
}

function unusable(folder: string, cause: unknown): Failure {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Failure('home-unusable', `The home folder ${folder} cannot be used: ${why}.`, {
    next: 'Name another with --home or EPURSE_HOME, or mend its permissions.',
    cause,
  });
}
