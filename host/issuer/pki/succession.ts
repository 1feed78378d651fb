/**
 * How a scheme file may follow another. A rotation adds the next successor, which puts the published one in use; a key is dropped
 * when nothing that it signed counts any more. Nothing else about a scheme ever changes.
 */
import type { SchemeKey } from '../../protocol/certificates/certificate.js';
import { equalBytes } from '../../protocol/codec/bytes.js';
import type { Authority } from '../../protocol/generated/enums.js';
import { authorityNames } from '../../protocol/generated/enums.js';
import { keysOf } from '../../protocol/scheme.js';
import type { Scheme, SchemeFields } from '../../protocol/scheme.js';
import { KeyringError } from './errors.js';
import { schemeKey } from './keyring.js';

/** Version that the next successor of a key will have. */
export function nextVersion(scheme: SchemeFields, authority: Authority): number {
  const version = (keysOf(scheme, authority).at(-1)?.keyId.version ?? 0) + 1;
  if (version > 255) throw refused(`The key ${authorityNames[authority]} has had its 255 versions.`);
  return version;
}

export function withSuccessor(scheme: SchemeFields, key: SchemeKey): SchemeFields {
  return { ...scheme, keys: [...scheme.keys, key] };
}

/** @throws KeyringError rotation, for a key that is in use or is to be */
export function withoutKey(scheme: Scheme, authority: Authority, version: number): SchemeFields {
  const name = `${authorityNames[authority]} ${version}`;
  if (!keysOf(scheme, authority).some(({ keyId }) => keyId.version === version))
    throw refused(`The scheme has no key ${name}.`);
  if (version >= schemeKey(scheme, authority).keyId.version) throw refused(`The key ${name} is in use, or will be.`);
  const keys = scheme.keys.filter(({ keyId }) => keyId.authority !== authority || keyId.version !== version);
  return { ...scheme, keys };
}

/** @throws KeyringError rotation, other-file: the new file is no successor of the one in use */
export function checkSuccession(old: Scheme, next: Scheme): void {
  if (next.id !== old.id || !equalBytes(next.rootPoint, old.rootPoint))
    throw new KeyringError('other-file', 'The file is of another scheme, or signed by another root.');
  const same =
    next.name === old.name &&
    next.createdAt === old.createdAt &&
    next.units.length === old.units.length &&
    next.units.every(({ code }, slot) => code === old.units[slot]?.code);
  if (!same) throw refused('The file changes the name, the age or the units of the scheme.');
  for (const { keyId } of old.keys) checkKeys(old, next, keyId.authority);
}

function checkKeys(old: Scheme, next: Scheme, authority: Authority): void {
  const before = keysOf(old, authority);
  const after = keysOf(next, authority);
  const name = authorityNames[authority];
  if ((after.at(-1)?.keyId.version ?? 0) < (before.at(-1)?.keyId.version ?? 0))
    throw refused(`The file goes back a version of the key ${name}: it is an older one.`);
  if (after.length < 2) throw refused(`The file has no successor of the key ${name}.`);
  for (const key of before) {
    const kept = after.find(({ keyId }) => keyId.version === key.keyId.version);
    if (kept !== undefined && (!equalBytes(kept.point, key.point) || kept.roles !== key.roles))
      throw refused(`The file changes the key ${name} ${key.keyId.version}.`);
  }
}

function refused(message: string): KeyringError {
  return new KeyringError('rotation', message);
}
