/** Private keys in files that only their owner may read (mode 0600), one file per party: root, issuer, acquirer. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { fromHex, toHex } from '../../protocol/codec/bytes.js';
import { generatePrivateKey } from '../../protocol/crypto/ecdsa.js';
import { nativeSigner } from '../../protocol/crypto/native.js';
import { Authority, authorityNames } from '../../protocol/generated/enums.js';
import { readIfThere, replaceFile } from '../../terminal/files.js';
import type { HeldKey } from './keyring.js';
import { KeyringError } from './keyring.js';

/** What a file holds: the root's key has no place among the scheme's keys. */
export interface StoredKey {
  readonly name: string;
  readonly version: number;
  readonly privateKey: Uint8Array;
}

const file = z.strictObject({
  format: z.literal('epurse-keys/1'),
  keys: z.array(
    z.strictObject({
      name: z.string(),
      version: z.number().int().min(1).max(255),
      privateKey: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

/** @throws KeyringError for a file that is missing, damaged, or open to others */
export function readKeys(path: string): readonly StoredKey[] {
  const content = readIfThere(path);
  if (content === undefined) throw new KeyringError(`There is no key file ${path}.`);
  if ((statSync(path).mode & 0o077) !== 0)
    throw new KeyringError(`The key file ${path} can be read by others: chmod 600 it, and consider its keys known.`);
  try {
    const { keys } = file.parse(JSON.parse(new TextDecoder().decode(content)));
    return keys.map(({ privateKey, ...key }) => ({ ...key, privateKey: fromHex(privateKey) }));
  } catch (cause) {
    throw new KeyringError(`The key file ${path} cannot be read: it was changed or damaged.`, { cause });
  }
}

/** Reads the file, or makes it with fresh keys where there is none; an existing file is never written. */
export function keysIn(
  path: string,
  wanted: readonly { readonly name: string; readonly version: number }[],
): readonly StoredKey[] {
  if (readIfThere(path) === undefined) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const keys = wanted.map((key) => ({ ...key, privateKey: toHex(generatePrivateKey()) }));
    replaceFile(path, `${JSON.stringify({ format: 'epurse-keys/1', keys }, undefined, 2)}\n`);
  }
  return readKeys(path);
}

/** @throws KeyringError for a name that is no authority of a scheme */
export function heldKey({ name, version, privateKey }: StoredKey): HeldKey {
  const authority = Object.values(Authority).find((value) => authorityNames[value] === name);
  if (authority === undefined) throw new KeyringError(`"${name}" is no key of a scheme.`);
  return { authority, version, signer: nativeSigner(privateKey) };
}
