/** The signing keys of one party, wherever they are kept: in its sealed file, or in a token that the file names. */
import { generatePrivateKey } from '../../protocol/crypto/ecdsa.js';
import type { Signer } from '../../protocol/crypto/ecdsa.js';
import { nativeSigner } from '../../protocol/crypto/native.js';
import { Authority, authorityNames } from '../../protocol/generated/enums.js';
import { existsSync } from 'node:fs';
import type { Home } from '../../terminal/home.js';
import { KeyringError } from './errors.js';
import { inspectKeys, ownFile, readKeys, writeKeys } from './key-files.js';
import type { HeldKey } from './keyring.js';
import { keyPlace } from './parties.js';
import type { Party, Unlocking } from './unlock.js';

/** A key by its name in the scheme, or `root`. */
export interface NamedKey {
  readonly name: string;
  readonly version: number;
}

export interface NamedSigner extends NamedKey {
  readonly signer: Signer;
}

/** @throws KeyringError */
export function partySigners(home: Home, party: Party, scheme: number, unlock: Unlocking): readonly NamedSigner[] {
  return readKeys(keyPlace(home, party, scheme), unlock).map(({ privateKey, ...key }) => ({
    ...key,
    signer: nativeSigner(privateKey),
  }));
}

/** Makes those of the wanted keys that are missing; a key that is there is never changed. @throws KeyringError */
export function ensurePartyKeys(
  home: Home,
  party: Party,
  scheme: number,
  wanted: readonly NamedKey[],
  unlock: Unlocking,
): readonly NamedSigner[] {
  const place = keyPlace(home, party, scheme);
  const held = existsSync(place.path) ? readKeys(place, unlock) : [];
  const missing = wanted.filter((key) => !held.some((one) => one.name === key.name && one.version === key.version));
  if (missing.length > 0)
    writeKeys(place, [...held, ...missing.map((key) => ({ ...key, privateKey: generatePrivateKey() }))], unlock);
  return partySigners(home, party, scheme, unlock);
}

/** @throws KeyringError not-held for a name that is no authority of a scheme */
export function heldKey({ name, version, signer }: NamedSigner): HeldKey {
  const authority = Object.values(Authority).find((value) => authorityNames[value] === name);
  if (authority === undefined) throw new KeyringError('not-held', `"${name}" is no key of a scheme.`);
  return { authority, version, signer };
}

/** How a party's keys are kept, from the outside. @throws KeyringError missing, open-to-others, damaged, other-file */
export function keeping(home: Home, party: Party, scheme: number): 'sealed' | 'open' {
  const place = keyPlace(home, party, scheme);
  ownFile(place.path);
  return inspectKeys(place);
}
