/**
 * The rotation ceremony. Where the key lives its next successor is made and a proposal written; where the root is it is signed;
 * every home puts the signed file in use. On one machine that has all, it is one call.
 */
import { existsSync } from 'node:fs';
import type { Authority } from '../../protocol/generated/enums.js';
import { authorityNames } from '../../protocol/generated/enums.js';
import { parseScheme, readProposal, schemeToJson, signScheme } from '../../protocol/scheme.js';
import type { Scheme, SchemeFields } from '../../protocol/scheme.js';
import type { Signer } from '../../protocol/crypto/ecdsa.js';
import { replaceFile } from '../../terminal/files.js';
import type { Home } from '../../terminal/home.js';
import { KeyringError } from './errors.js';
import { acquirerKeys, issuerKeys, schemeFile } from './parties.js';
import { ensurePartyKeys } from './party-keys.js';
import { schemeOf } from './scheme-init.js';
import { checkSuccession, nextVersion, withSuccessor } from './succession.js';
import type { Party, Unlocking } from './unlock.js';

/** Who keeps a key. */
export function partyOf(authority: Authority): Party {
  return acquirerKeys.some((key) => key.authority === authority) ? 'acquirer' : 'issuer';
}

/**
 * Makes the next successor of a key where it is not made yet. Called again before the new file is in use it gives the same.
 *
 * @returns what the root is asked to sign
 * @throws KeyringError
 */
export function proposeRotation(home: Home, authority: Authority, unlock: Unlocking): SchemeFields {
  const scheme = schemeOf(home);
  const wanted = { name: authorityNames[authority], version: nextVersion(scheme, authority) };
  const signers = ensurePartyKeys(home, partyOf(authority), scheme.id, [wanted], unlock);
  const made = signers.find(({ name, version }) => name === wanted.name && version === wanted.version);
  if (made === undefined) throw new KeyringError('not-held', `The key ${wanted.name} was not made.`);
  return withSuccessor(scheme, {
    keyId: { scheme: scheme.id, authority, version: wanted.version },
    roles: [...issuerKeys, ...acquirerKeys].find((key) => key.authority === authority)?.roles ?? 0,
    point: made.signer.point,
  });
}

/** A proposal as it travels to the root: the scheme file without a signature that holds. */
export function proposalText(scheme: Scheme, fields: SchemeFields): string {
  return schemeText({ ...scheme, ...fields, signature: new Uint8Array() });
}

/**
 * The root's act. The proposal has to follow the scheme file beside the root, so nobody slips another scheme to it.
 *
 * @throws KeyringError, SchemeError
 */
export function signProposal(known: Scheme, text: string, root: Signer): Scheme {
  const signed = signScheme(readProposal(text), root);
  checkSuccession(known, signed);
  return signed;
}

/** Puts a signed scheme file in use: root's signature, and that it follows the one in use. @throws KeyringError, SchemeError */
export function installScheme(home: Home, text: string): Scheme {
  const next = parseScheme(text);
  if (existsSync(schemeFile(home))) checkSuccession(schemeOf(home), next);
  replaceFile(schemeFile(home), schemeText(next), 0o644);
  return next;
}

export function schemeText(scheme: Scheme): string {
  return `${JSON.stringify(schemeToJson(scheme), undefined, 2)}\n`;
}
