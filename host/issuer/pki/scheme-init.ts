/**
 * The scheme ceremony: root, issuer and acquirer keys, the public scheme file signed by the root, and the first terminals. What
 * exists is never overwritten; a ceremony that broke off is finished by the next call with the keys it had made.
 */
import { existsSync } from 'node:fs';
import { systemClock } from '../../protocol/codec/time.js';
import type { Clock } from '../../protocol/codec/time.js';
import { unitByName } from '../../protocol/codec/units.js';
import { systemRandom } from '../../protocol/crypto/random.js';
import type { Random } from '../../protocol/crypto/random.js';
import { defaultUnits } from '../../protocol/generated/parameters.js';
import { parseScheme, schemeToJson, signScheme } from '../../protocol/scheme.js';
import type { Scheme, SchemeKey } from '../../protocol/scheme.js';
import { readIfThere, replaceFile } from '../../terminal/files.js';
import type { Home } from '../../terminal/home.js';
import { makeBatchKey } from '../../terminal/raw-card.js';
import { KeyringError, keyring } from './keyring.js';
import type { Keyring } from './keyring.js';
import { acquirerKeys, issuerKeys, named, rootKey, schemeFile } from './parties.js';
import { ensurePartyKeys, heldKey, partySigners } from './party-keys.js';
import { ensureUnlockSecret, unlocking } from './unlock.js';
import type { Party, Unlocking } from './unlock.js';
import { tlsKeys } from './tls.js';
import { enrol, firstTerminals } from './terminals.js';
import type { EnrolledTerminal } from './terminals.js';

export interface SchemeOptions {
  /** 1 … 65535. */
  readonly id?: number;
  readonly name?: string;
  /** Names of the units of the purse slots; the last is the loyalty slot. */
  readonly units?: readonly string[];
  readonly clock?: Clock;
  readonly random?: Random;
  /** Passphrases, for parties whose keys do not open unattended. */
  readonly passphrases?: Partial<Record<Party, string>>;
  /** PKCS #11 URIs of parties whose keys are made in a token; its PIN is in their unlock file or passphrase. */
  readonly tokens?: Partial<Record<Party, string>>;
}

export interface NewScheme {
  readonly scheme: Scheme;
  readonly terminals: readonly EnrolledTerminal[];
}

/** A scheme is there already: nothing was changed. */
export class SchemeExists extends Error {
  override readonly name = 'SchemeExists';
}

/** @throws SchemeExists, KeyringError */
export function initScheme(home: Home, options: SchemeOptions = {}): NewScheme {
  if (existsSync(schemeFile(home))) throw new SchemeExists(`There is a scheme in ${home.folder} already.`);
  const { clock = systemClock, random = systemRandom } = options;
  const { id = 1, passphrases = {}, tokens = {} } = options;
  const unlock: Unlocking = {
    secretOf: (party) =>
      passphrases[party] ??
      (tokens[party] === undefined ? ensureUnlockSecret(home, party) : unlocking(home).secretOf(party)),
  };
  const issuer = ensurePartyKeys(home, 'issuer', id, named(issuerKeys), unlock, tokens.issuer).map(heldKey);
  const acquirer = ensurePartyKeys(home, 'acquirer', id, named(acquirerKeys), unlock, tokens.acquirer).map(heldKey);
  const [root] = ensurePartyKeys(home, 'root', id, [rootKey], unlock, tokens.root);
  if (root === undefined) throw new KeyringError('not-held', 'The root key file holds no key.');
  const scheme = signScheme(
    {
      id,
      name: options.name ?? 'epurse',
      createdAt: clock(),
      units: (options.units ?? defaultUnits).map(unitByName),
      keys: [...issuer, ...acquirer].map(({ authority, version, signer }): SchemeKey => {
        return { keyId: { scheme: id, authority, version }, roles: rolesOf(authority), point: signer.point };
      }),
    },
    root.signer,
  );
  makeBatchKey(home, random);
  const keys = keyring(scheme, [...issuer, ...acquirer]);
  const { authority } = tlsKeys(home, id, clock(), unlock);
  const terminals = firstTerminals(scheme, random).map((order) =>
    enrol(home, scheme, { keys, authority }, order, clock()),
  );
  replaceFile(schemeFile(home), `${JSON.stringify(schemeToJson(scheme), undefined, 2)}\n`, 0o644);
  return { scheme, terminals };
}

function rolesOf(authority: number): number {
  return [...issuerKeys, ...acquirerKeys].find((key) => key.authority === authority)?.roles ?? 0;
}

/** The keys the issuer's services sign with. @throws KeyringError */
export function issuerKeyring(home: Home, scheme: Scheme, unlock: Unlocking = unlocking(home)): Keyring {
  return keyring(scheme, partySigners(home, 'issuer', scheme.id, unlock).map(heldKey));
}

/** The keys that certify POS. @throws KeyringError */
export function acquirerKeyring(home: Home, scheme: Scheme, unlock: Unlocking = unlocking(home)): Keyring {
  return keyring(scheme, partySigners(home, 'acquirer', scheme.id, unlock).map(heldKey));
}

/** @throws KeyringError where there is none, SchemeError for one that does not verify */
export function schemeOf(home: Home): Scheme {
  const content = readIfThere(schemeFile(home));
  if (content === undefined) throw new KeyringError('missing', `There is no scheme in ${home.folder} yet.`);
  return parseScheme(new TextDecoder().decode(content));
}
