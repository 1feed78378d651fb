/**
 * Where the secret lies that opens a party's sealed files. Apart from them: by default in the home's folder `unlock`, so that a
 * service starts unattended; an environment variable names another file, such as one on a medium or that the service manager
 * hands over; a person may type it instead. No secret is ever in argv or in the environment itself.
 */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { readIfThere, replaceFile } from '../../terminal/files.js';
import type { Home } from '../../terminal/home.js';
import { KeyringError } from './errors.js';
import { makeSecret } from './seal.js';

export type Party = 'root' | 'issuer' | 'acquirer';
export const parties: readonly Party[] = ['root', 'issuer', 'acquirer'];

const variables = {
  root: 'EPURSE_UNLOCK_ROOT',
  issuer: 'EPURSE_UNLOCK_ISSUER',
  acquirer: 'EPURSE_UNLOCK_ACQUIRER',
} as const satisfies Record<Party, string>;

/** Gives the secret of a party. */
export interface Unlocking {
  /** @throws KeyringError locked, open-to-others, damaged */
  secretOf(party: Party): string;
}

/** The file with a party's unlock secret. */
export function unlockFile(home: Home, party: Party): string {
  return process.env[variables[party]] ?? home.path('unlock', `${party}.key`);
}

/** Typed secrets first, then the files. */
export function unlocking(home: Home, typed: Partial<Record<Party, string>> = {}): Unlocking {
  return { secretOf: (party) => typed[party] ?? secretIn(unlockFile(home, party), party) };
}

/** Makes an unlock secret where there is none. @returns the secret in the file */
export function ensureUnlockSecret(home: Home, party: Party): string {
  const path = unlockFile(home, party);
  if (readIfThere(path) === undefined) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    replaceFile(path, `${makeSecret()}\n`);
  }
  return secretIn(path, party);
}

/** The first line of a file is a passphrase or unlock secret. @throws KeyringError locked, open-to-others, damaged */
export function secretIn(path: string, party: Party): string {
  const content = readIfThere(path);
  if (content === undefined)
    throw new KeyringError(
      'locked',
      `The keys of the ${party} are sealed, and their unlock secret is not here (${path}; ${variables[party]} names another file).`,
    );
  if ((statSync(path).mode & 0o077) !== 0)
    throw new KeyringError('open-to-others', `The unlock secret ${path} can be read by others: chmod 600 it.`);
  const [line = ''] = new TextDecoder().decode(content).split(/\r?\n/);
  if (line.length === 0) throw new KeyringError('damaged', `The unlock secret ${path} is empty.`);
  return line;
}
