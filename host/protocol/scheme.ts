/**
 * The scheme as everybody may know it: which unit each purse slot holds, and every public key a terminal or the issuer's own
 * services need, signed by the root. Kept as `scheme.json`.
 */
import { equalBytes, fromHex, toHex } from './codec/bytes.js';
import { formatTime, parseTime } from './codec/time.js';
import type { Seconds } from './codec/time.js';
import { unitByCode, unitByName } from './codec/units.js';
import type { Unit } from './codec/units.js';
import type { SchemeKey } from './certificates/certificate.js';
import type { Signer } from './crypto/ecdsa.js';
import { Authority, authorityNames } from './generated/enums.js';
import { signSchemeDescription, verifySchemeDescription } from './signed/scheme-description.js';
import type { SchemeDescriptionFields } from './signed/scheme-description.js';

export type { SchemeKey } from './certificates/certificate.js';

export interface SchemeFields {
  /** 1 … 65535. */
  readonly id: number;
  readonly name: string;
  readonly createdAt: Seconds;
  /** Unit of each purse slot; the last is the loyalty slot. */
  readonly units: readonly Unit[];
  /** Current keys and their successors; a successor has the higher version. */
  readonly keys: readonly SchemeKey[];
}

export interface Scheme extends SchemeFields {
  /** Root public key X ‖ Y, the one thing taken on trust. */
  readonly rootPoint: Uint8Array;
  readonly signature: Uint8Array;
}

/** `scheme.json`. Byte strings are hexadecimal. */
export interface SchemeJson {
  readonly format: 'epurse-scheme/1';
  readonly id: number;
  readonly name: string;
  readonly createdAt: string;
  readonly units: readonly string[];
  readonly root: string;
  readonly keys: readonly {
    readonly authority: string;
    readonly version: number;
    readonly roles: number;
    readonly point: string;
  }[];
  readonly signature: string;
}

/** The scheme file cannot be read or its root signature does not hold. `message` is a sentence for a person. */
export class SchemeError extends Error {
  override readonly name = 'SchemeError';
}

/** Root's act: certifies the description. */
export function signScheme(fields: SchemeFields, root: Signer): Scheme {
  return { ...fields, rootPoint: root.point, signature: signSchemeDescription(descriptionOf(fields), root) };
}

/** @throws SchemeError when the root's signature does not hold */
export function verifyScheme(scheme: Scheme): void {
  if (!verifySchemeDescription(descriptionOf(scheme), scheme.signature, scheme.rootPoint)) {
    throw new SchemeError(
      'The signature of the scheme file does not hold: it was changed, or belongs to another root.',
    );
  }
}

export function schemeToJson(scheme: Scheme): SchemeJson {
  return {
    format: 'epurse-scheme/1',
    id: scheme.id,
    name: scheme.name,
    createdAt: formatTime(scheme.createdAt),
    units: scheme.units.map(({ name }) => name),
    root: toHex(scheme.rootPoint),
    keys: scheme.keys.map(({ keyId, roles, point }) => ({
      authority: authorityNames[keyId.authority],
      version: keyId.version,
      roles,
      point: toHex(point),
    })),
    signature: toHex(scheme.signature),
  };
}

/**
 * Reads `scheme.json` and verifies it.
 *
 * @param trustedRoot X ‖ Y; where given, the file's root has to be this one
 * @throws SchemeError
 */
export function parseScheme(text: string, trustedRoot?: Uint8Array): Scheme {
  const scheme = schemeIn(text);
  if (trustedRoot && !equalBytes(trustedRoot, scheme.rootPoint))
    throw new SchemeError('The scheme file belongs to another root.');
  verifyScheme(scheme);
  return scheme;
}

/** What a file that the root has not signed yet asks for. @throws SchemeError */
export function readProposal(text: string): SchemeFields {
  const { id, name, createdAt, units, keys } = schemeIn(text);
  return { id, name, createdAt, units, keys };
}

/** All keys of one kind, oldest first: the current one and its successors. */
export function keysOf(scheme: SchemeFields, authority: Authority): readonly SchemeKey[] {
  return scheme.keys
    .filter(({ keyId }) => keyId.authority === authority)
    .sort((a, b) => a.keyId.version - b.keyId.version);
}

/** Unit of a purse slot. @throws RangeError for a slot no card has */
export function unitOfSlot(scheme: SchemeFields, slot: number): Unit {
  const unit = scheme.units[slot];
  if (!unit) throw new RangeError(`no card has a purse slot ${slot}`);
  return unit;
}

/** The purse slot that holds a unit. @throws RangeError for a unit no card of the scheme holds */
export function slotOfUnit(scheme: SchemeFields, unit: Unit): number {
  const slot = scheme.units.findIndex(({ code }) => code === unit.code);
  if (slot < 0) throw new RangeError(`no card of this scheme holds ${unit.name}`);
  return slot;
}

function descriptionOf(fields: SchemeFields): SchemeDescriptionFields {
  return {
    scheme: fields.id,
    createdAt: fields.createdAt,
    name: new TextEncoder().encode(fields.name),
    units: fields.units.map(({ code }) => ({ unit: unitByCode(code).code })),
    keys: fields.keys,
  };
}

function schemeIn(text: string): Scheme {
  try {
    const json = JSON.parse(text) as SchemeJson;
    if (json.format !== 'epurse-scheme/1') throw new RangeError('not a scheme file');
    return {
      id: json.id,
      name: json.name,
      createdAt: parseTime(json.createdAt),
      units: json.units.map(unitByName),
      rootPoint: fromHex(json.root),
      keys: json.keys.map(({ authority, version, roles, point }) => ({
        keyId: { scheme: json.id, authority: authorityNamed(authority), version },
        roles,
        point: fromHex(point),
      })),
      signature: fromHex(json.signature),
    };
  } catch (error) {
    throw new SchemeError('The scheme file cannot be read.', { cause: error });
  }
}

function authorityNamed(name: string): Authority {
  const authority = Object.values(Authority).find((value) => authorityNames[value] === name);
  if (authority === undefined) throw new RangeError(`no authority "${name}"`);
  return authority;
}
