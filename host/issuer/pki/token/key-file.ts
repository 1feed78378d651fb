/** A party's key file when its keys are in a token: which token, and which key is which. Not secret, yet only its owner's to write. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { fromHex } from '../../../protocol/codec/bytes.js';
import { replaceFile } from '../../../terminal/files.js';
import { KeyringError } from '../errors.js';
import { ownFile } from '../key-files.js';
import { tokenKeyToJson } from './token.js';
import type { TokenKey } from './token.js';

export interface NamedTokenKey extends TokenKey {
  readonly name: string;
  readonly version: number;
}

export interface TokenKeyFile {
  /** RFC 7512. */
  readonly uri: string;
  readonly keys: readonly NamedTokenKey[];
}

const schema = z.strictObject({
  format: z.literal('epurse-token-keys/1'),
  uri: z.string(),
  keys: z.array(
    z.strictObject({
      name: z.string(),
      version: z.number().int().min(1).max(255),
      id: z.string().regex(/^([0-9a-f]{2})+$/),
      point: z.string().regex(/^[0-9a-f]{128}$/),
    }),
  ),
});

export function namesToken(text: Uint8Array): boolean {
  return /^\s*\{\s*"format"\s*:\s*"epurse-token-keys\//.test(new TextDecoder().decode(text.subarray(0, 200)));
}

/** @throws KeyringError missing, open-to-others, damaged */
export function readTokenKeys(path: string): TokenKeyFile {
  try {
    const { uri, keys } = schema.parse(JSON.parse(new TextDecoder().decode(ownFile(path))));
    return { uri, keys: keys.map(({ point, ...key }) => ({ ...key, point: fromHex(point) })) };
  } catch (cause) {
    if (cause instanceof KeyringError) throw cause;
    throw new KeyringError('damaged', `The key file ${path} cannot be read: it was changed or damaged.`, { cause });
  }
}

export function writeTokenKeys(path: string, { uri, keys }: TokenKeyFile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const json = {
    format: 'epurse-token-keys/1',
    uri,
    keys: keys.map((key) => ({ name: key.name, version: key.version, ...tokenKeyToJson(key) })),
  };
  replaceFile(path, `${JSON.stringify(json, undefined, 2)}\n`);
}
