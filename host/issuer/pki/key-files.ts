/** Private keys in files that only their owner may read (mode 0600), sealed under the unlock secret of their party. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { fromHex, toHex } from '../../protocol/codec/bytes.js';
import { readIfThere, replaceFile } from '../../terminal/files.js';
import { KeyringError } from './errors.js';
import { inspectSealed, isSealed, seal, unseal } from './seal.js';
import type { SealLabel } from './seal.js';
import type { Party, Unlocking } from './unlock.js';

/** A sealed file: where it is, whose, and what it is for. */
export interface SealedPlace extends SealLabel {
  readonly path: string;
  readonly party: Party;
}

/** What a file holds: the root's key has no place among the scheme's keys. */
export interface StoredKey {
  readonly name: string;
  readonly version: number;
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
}

/** Homes made before keys were sealed have this in clear; so has the inside of a sealed file. */
const keysSchema = z.strictObject({
  format: z.literal('epurse-keys/1'),
  keys: z.array(
    z.strictObject({
      name: z.string(),
      version: z.number().int().min(1).max(255),
      privateKey: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

/** Writes any secret of a party, sealed and durable. @throws KeyringError locked */
export function writeSealed(place: SealedPlace, content: Uint8Array, unlock: Unlocking): void {
  const text = seal(content, unlock.secretOf(place.party), place);
  mkdirSync(dirname(place.path), { recursive: true, mode: 0o700 });
  replaceFile(place.path, text);
}

/** @throws KeyringError missing, open-to-others, damaged, other-file, locked, wrong-secret */
export function readSealed(place: SealedPlace, unlock: Unlocking): Uint8Array {
  const text = ownFile(place.path);
  inspectSealed(text, place, place.path);
  return unseal(text, unlock.secretOf(place.party), place, place.path);
}

/** The content of a key file that nobody else can read. @throws KeyringError missing, open-to-others */
export function ownFile(path: string): Uint8Array {
  const content = readIfThere(path);
  if (content === undefined) throw new KeyringError('missing', `There is no key file ${path}.`);
  if ((statSync(path).mode & 0o077) !== 0)
    throw new KeyringError(
      'open-to-others',
      `The key file ${path} can be read by others: chmod 600 it, and consider its keys known.`,
    );
  return content;
}

/** @throws KeyringError as {@link readSealed} */
export function readKeys(place: SealedPlace, unlock: Unlocking): readonly StoredKey[] {
  const text = ownFile(place.path);
  return keysOfText(isSealed(text) ? readSealed(place, unlock) : text, place.path);
}

/** @throws KeyringError locked */
export function writeKeys(place: SealedPlace, keys: readonly StoredKey[], unlock: Unlocking): void {
  const content = {
    format: 'epurse-keys/1',
    keys: keys.map(({ name, version, privateKey }) => ({ name, version, privateKey: toHex(privateKey) })),
  };
  writeSealed(place, new TextEncoder().encode(JSON.stringify(content)), unlock);
}

/** What can be said of a key file without opening it. @throws KeyringError missing, open-to-others, damaged, other-file */
export function inspectKeys(place: SealedPlace): 'sealed' | 'open' {
  const text = ownFile(place.path);
  if (isSealed(text)) {
    inspectSealed(text, place, place.path);
    return 'sealed';
  }
  keysOfText(text, place.path);
  return 'open';
}

/** Keys in clear, as homes had them before keys were sealed. */
export function isOpen(text: Uint8Array): boolean {
  return /^\s*\{\s*"format"\s*:\s*"epurse-keys\//.test(new TextDecoder().decode(text.subarray(0, 200)));
}

function keysOfText(text: Uint8Array, path: string): StoredKey[] {
  try {
    const { keys } = keysSchema.parse(JSON.parse(new TextDecoder().decode(text)));
    return keys.map(({ privateKey, ...key }) => ({ ...key, privateKey: fromHex(privateKey) }));
  } catch {
    // no cause: a parser's message quotes what it could not read, and that may be a key
    throw new KeyringError('damaged', `The key file ${path} cannot be read: it was changed or damaged.`);
  }
}
