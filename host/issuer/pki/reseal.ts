/** Changes under which secret a party's files are sealed; seals those of homes that were made before keys were. */
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, replaceFile } from '../../terminal/files.js';
import type { Home } from '../../terminal/home.js';
import { readKeys, writeKeys } from './key-files.js';
import { keyPlace } from './parties.js';
import { isSealed, labelOf, seal, unseal } from './seal.js';
import { ensureUnlockSecret, unlockFile } from './unlock.js';
import type { Party, Unlocking } from './unlock.js';

export interface Resealed {
  readonly party: Party;
  /** Files written. */
  readonly files: readonly string[];
  /** Where the unlock secret is; undefined where a person keeps a passphrase. */
  readonly unlockFile: string | undefined;
}

/**
 * Seals every secret of a party: under a passphrase where one is given, else under the unlock secret, made where there is none.
 * Everything is opened before the first file is written. A cut in between leaves files under both secrets: the call is repeated
 * with the old one and nothing is lost.
 *
 * @param opened gives the secret in force
 * @throws KeyringError
 */
export function resealParty(
  home: Home,
  party: Party,
  scheme: number,
  opened: Unlocking,
  passphrase?: string,
): Resealed {
  const place = keyPlace(home, party, scheme);
  const text = readIfThere(place.path);
  const keys = text === undefined || isSealed(text) ? undefined : readKeys(place, opened);
  const others = sealedFiles(home.path(party)).map((path) => openedFile(path, opened.secretOf(party)));
  const secret = passphrase ?? ensureUnlockSecret(home, party);
  if (keys !== undefined) writeKeys(place, keys, { secretOf: () => secret });
  for (const { path, content, label } of others) replaceFile(path, seal(content, secret, label));
  const unlock = unlockFile(home, party);
  if (passphrase !== undefined) rmSync(unlock, { force: true });
  return {
    party,
    files: [...(keys === undefined ? [] : [place.path]), ...others.map(({ path }) => path)],
    unlockFile: passphrase === undefined ? unlock : undefined,
  };
}

function openedFile(path: string, secret: string) {
  const text = new Uint8Array(readFileSync(path));
  const label = labelOf(text, path);
  return { path, label, content: unseal(text, secret, label, path) };
}

/** Longest file that is looked at; keys and certificates are far shorter. */
const longest = 1 << 20;

/** The sealed files of a party lie in its folder, named `*.json`. */
function sealedFiles(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).size <= longest && isSealed(new Uint8Array(readFileSync(path))));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
