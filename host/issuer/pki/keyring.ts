/**
 * The scheme's signing keys by what they are for. Everything that signs asks here, so a key may live in a file today and in a
 * hardware module tomorrow without anybody else noticing.
 */
import type { SchemeKey } from '../../protocol/certificates/certificate.js';
import type { Signer } from '../../protocol/crypto/ecdsa.js';
import type { Authority } from '../../protocol/generated/enums.js';
import { authorityNames } from '../../protocol/generated/enums.js';
import { keysOf } from '../../protocol/scheme.js';
import type { Scheme } from '../../protocol/scheme.js';
import { equalBytes } from '../../protocol/codec/bytes.js';
import { KeyringError } from './errors.js';

export { KeyringError } from './errors.js';

/** A key that is in use, or the successor stored on every card for the day it takes over. */
export type KeyTurn = 'current' | 'next';

export interface Keyring {
  /** @throws KeyringError when this keyring does not hold the key */
  signer(authority: Authority, turn?: KeyTurn): Signer;
  /** The key of one version, such as the one a card still relies on. @throws KeyringError not-held */
  signerOf(authority: Authority, version: number): Signer;
}

/** A private key with the place it has in the scheme. */
export interface HeldKey {
  readonly authority: Authority;
  readonly version: number;
  readonly signer: Signer;
}

/**
 * A key that the scheme file does not name (yet, or any more) is not used: a rotation makes the key first.
 *
 * @throws KeyringError when a key is not the one the scheme file names under its version
 */
export function keyring(scheme: Scheme, held: readonly HeldKey[]): Keyring {
  for (const { authority, version, signer } of held) {
    const named = keysOf(scheme, authority).find(({ keyId }) => keyId.version === version);
    if (named !== undefined && !equalBytes(named.point, signer.point))
      throw new KeyringError(
        'mismatch',
        `The key ${authorityNames[authority]} ${version} is not the one in the scheme file.`,
      );
  }
  const signerOf = (authority: Authority, version: number): Signer => {
    const named = keysOf(scheme, authority).some(({ keyId }) => keyId.version === version);
    const key = named ? held.find((one) => one.authority === authority && one.version === version) : undefined;
    if (key === undefined) throw new KeyringError('not-held', `The key ${authorityNames[authority]} is not kept here.`);
    return key.signer;
  };
  return {
    signer: (authority, turn = 'current') => signerOf(authority, schemeKey(scheme, authority, turn).keyId.version),
    signerOf,
  };
}

/**
 * The public half, from the scheme file. The newest key of each kind is the successor, published and stored on cards long before
 * its day; the one before it is in use; older ones are listed as long as something signed by them counts.
 */
export function schemeKey(scheme: Scheme, authority: Authority, turn: KeyTurn = 'current'): SchemeKey {
  const keys = keysOf(scheme, authority);
  const key = turn === 'next' ? keys.at(-1) : (keys.at(-2) ?? keys[0]);
  if (key === undefined || (turn === 'next' && keys.length < 2))
    throw new KeyringError('not-held', `The scheme has no ${turn} key ${authorityNames[authority]}.`);
  return key;
}
