/**
 * The root key, which signs the scheme file and nothing else. Its place is a medium in a safe: it is exported from the home,
 * checked there, and removed here; it comes back for a ceremony. No service opens it.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { equalBytes, toHex } from '../../protocol/codec/bytes.js';
import { pointOf } from '../../protocol/crypto/ecdsa.js';
import type { Signer } from '../../protocol/crypto/ecdsa.js';
import type { Scheme } from '../../protocol/scheme.js';
import { replaceFile } from '../../terminal/files.js';
import type { Home } from '../../terminal/home.js';
import { KeyringError } from './errors.js';
import { readKeys, writeKeys } from './key-files.js';
import type { SealedPlace, StoredKey } from './key-files.js';
import { keyPlace } from './parties.js';
import { partySigners } from './party-keys.js';
import { secretIn, unlockFile, unlocking } from './unlock.js';
import type { Unlocking } from './unlock.js';

/** The root's signer, which is the one the scheme names. @throws KeyringError */
export function rootSigner(home: Home, scheme: Scheme, unlock: Unlocking = unlocking(home)): Signer {
  if (!existsSync(keyPlace(home, 'root', scheme.id).path))
    throw new KeyringError(
      'missing',
      'There is no root key on this machine: bring it with scheme root import, or sign where it is.',
    );
  const [root] = partySigners(home, 'root', scheme.id, unlock);
  if (root === undefined || !equalBytes(root.signer.point, scheme.rootPoint))
    throw new KeyringError('mismatch', 'The root key is not the one that signed this scheme.');
  return root.signer;
}

export interface ExportedRoot {
  readonly keyFile: string;
  /** Undefined where a passphrase opens it. */
  readonly unlockFile: string | undefined;
  /** X ‖ Y, hexadecimal: write it on the medium's label. */
  readonly point: string;
}

/**
 * Moves the root key to a folder, such as a medium's. It is removed here only once the copy was opened again.
 *
 * @param passphrase seals the copy; without, the unlock secret travels beside it
 * @throws KeyringError
 */
export function exportRoot(
  home: Home,
  scheme: Scheme,
  folder: string,
  unlock: Unlocking,
  passphrase?: string,
): ExportedRoot {
  const here = keyPlace(home, 'root', scheme.id);
  const there = { ...here, path: join(folder, 'keys.json') };
  const beside = join(folder, 'unlock.key');
  if (existsSync(there.path)) throw new KeyringError('rotation', `There is a key file ${there.path} already.`);
  const keys = sameRoot(readKeys(here, unlock), scheme);
  const secret = passphrase ?? unlock.secretOf('root');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeKeys(there, keys, { secretOf: () => secret });
  if (passphrase === undefined) replaceFile(beside, `${secret}\n`);
  sameRoot(readKeys(there, copyUnlock(beside, passphrase)), scheme);
  rmSync(here.path, { force: true });
  rmSync(unlockFile(home, 'root'), { force: true });
  if (readdirSync(dirname(here.path)).length === 0) rmdirSync(dirname(here.path));
  return {
    keyFile: there.path,
    unlockFile: passphrase === undefined ? beside : undefined,
    point: toHex(scheme.rootPoint),
  };
}

/** Brings the root key back from a folder for a ceremony; the copy there stays. @throws KeyringError */
export function importRoot(home: Home, scheme: Scheme, folder: string, passphrase?: string): SealedPlace {
  const here = keyPlace(home, 'root', scheme.id);
  if (existsSync(here.path)) throw new KeyringError('rotation', 'The root key is here already.');
  const beside = copyUnlock(join(folder, 'unlock.key'), passphrase);
  const keys = sameRoot(readKeys({ ...here, path: join(folder, 'keys.json') }, beside), scheme);
  const secret = beside.secretOf('root');
  if (passphrase === undefined) {
    mkdirSync(home.path('unlock'), { recursive: true, mode: 0o700 });
    replaceFile(unlockFile(home, 'root'), `${secret}\n`);
  }
  writeKeys(here, keys, { secretOf: () => secret });
  return here;
}

function copyUnlock(beside: string, passphrase: string | undefined): Unlocking {
  return { secretOf: (party) => passphrase ?? secretIn(beside, party) };
}

function sameRoot(keys: readonly StoredKey[], scheme: Scheme): readonly StoredKey[] {
  const [root] = keys;
  if (root === undefined || !equalBytes(pointOf(root.privateKey), scheme.rootPoint))
    throw new KeyringError('mismatch', 'The root key is not the one that signed this scheme.');
  return keys;
}
