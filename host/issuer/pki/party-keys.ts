/** The signing keys of one party, wherever they are kept: in its sealed file, or in a token that the file names. */
import { readIfThere } from '../../terminal/files.js';
import type { Home } from '../../terminal/home.js';
import { generatePrivateKey } from '../../protocol/crypto/ecdsa.js';
import type { Signer } from '../../protocol/crypto/ecdsa.js';
import { nativeSigner } from '../../protocol/crypto/native.js';
import { Authority, authorityNames } from '../../protocol/generated/enums.js';
import { KeyringError } from './errors.js';
import { inspectKeys, isOpen, readKeys, writeKeys } from './key-files.js';
import type { HeldKey } from './keyring.js';
import { keyFile, keyPlace } from './parties.js';
import { namesToken, readTokenKeys, writeTokenKeys } from './token/key-file.js';
import type { TokenKeyFile } from './token/key-file.js';
import { Token } from './token/token.js';
import { parseTokenUri } from './token/uri.js';
import { secretIn } from './unlock.js';
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
  const inToken = tokenFile(home, party);
  if (inToken !== undefined) return tokenSigners(inToken, openToken(inToken.uri, party, unlock));
  return readKeys(keyPlace(home, party, scheme), unlock).map(({ privateKey, ...key }) => ({
    ...key,
    signer: nativeSigner(privateKey),
  }));
}

/**
 * Makes those of the wanted keys that are missing, where the others are; a key that is there is never changed.
 *
 * @param uri token for a party that has no keys yet
 * @throws KeyringError
 */
export function ensurePartyKeys(
  home: Home,
  party: Party,
  scheme: number,
  wanted: readonly NamedKey[],
  unlock: Unlocking,
  uri?: string,
): readonly NamedSigner[] {
  const there = readIfThere(keyFile(home, party)) !== undefined;
  const inToken = tokenFile(home, party) ?? (there || uri === undefined ? undefined : { uri, keys: [] });
  if (inToken !== undefined) return ensureTokenKeys(home, party, scheme, wanted, unlock, inToken);
  const place = keyPlace(home, party, scheme);
  const held = there ? readKeys(place, unlock) : [];
  const missing = missingOf(wanted, held);
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
export function keeping(home: Home, party: Party, scheme: number): 'sealed' | 'open' | 'token' {
  return tokenFile(home, party) === undefined ? inspectKeys(keyPlace(home, party, scheme)) : 'token';
}

/** Does opening these keys take the party's unlock secret? */
export function needsSecret(home: Home, party: Party): boolean {
  const inToken = tokenFile(home, party);
  if (inToken !== undefined) return parseTokenUri(inToken.uri).pinFile === undefined;
  const text = readIfThere(keyFile(home, party));
  return text !== undefined && !isOpen(text);
}

function tokenFile(home: Home, party: Party): TokenKeyFile | undefined {
  const path = keyFile(home, party);
  const text = readIfThere(path);
  return text !== undefined && namesToken(text) ? readTokenKeys(path) : undefined;
}

/** Each key is noted before the next is made, so that a cut leaves at most one in the token that nobody knows. */
function ensureTokenKeys(
  home: Home,
  party: Party,
  scheme: number,
  wanted: readonly NamedKey[],
  unlock: Unlocking,
  file: TokenKeyFile,
): readonly NamedSigner[] {
  const token = openToken(file.uri, party, unlock);
  let keys = file.keys;
  for (const { name, version } of missingOf(wanted, keys)) {
    keys = [...keys, { name, version, ...token.generate(`epurse scheme ${scheme} ${name} ${version}`) }];
    writeTokenKeys(keyFile(home, party), { uri: file.uri, keys });
  }
  return tokenSigners({ ...file, keys }, token);
}

/** The PIN is in the file that the URI names, else it is the party's unlock secret. */
function openToken(uri: string, party: Party, unlock: Unlocking): Token {
  const parsed = parseTokenUri(uri);
  return new Token(parsed, parsed.pinFile === undefined ? unlock.secretOf(party) : secretIn(parsed.pinFile, party));
}

function tokenSigners({ keys }: TokenKeyFile, token: Token): NamedSigner[] {
  return keys.map((key) => ({ name: key.name, version: key.version, signer: token.signer(key) }));
}

function missingOf(wanted: readonly NamedKey[], held: readonly NamedKey[]): readonly NamedKey[] {
  return wanted.filter((key) => !held.some((one) => one.name === key.name && one.version === key.version));
}
