/**
 * PKCS #11 URI (RFC 7512): which token, through which module, and where its PIN is. It stands in a party's key file; it never
 * holds the PIN itself.
 */
import { KeyringError } from '../errors.js';

/** What is used of a URI. */
export interface TokenUri {
  readonly text: string;
  /** Shared library of the module, an absolute path. */
  readonly modulePath: string;
  /** Label of the token; or its serial number; or the number of its slot. At least one. */
  readonly token: string | undefined;
  readonly serial: string | undefined;
  readonly slotId: number | undefined;
  /** File whose first line is the PIN; without, the unlock secret of the party is. */
  readonly pinFile: string | undefined;
}

const pathNames = ['token', 'serial', 'slot-id', 'manufacturer', 'model'] as const;
const queryNames = ['module-path', 'pin-source'] as const;

/** @throws KeyringError token, for anything that is not understood: a token is never guessed */
export function parseTokenUri(text: string): TokenUri {
  const match = /^pkcs11:([^?#]*)(?:\?([^#]*))?$/.exec(text);
  if (match === null) throw wrong('it does not begin with pkcs11:');
  const path = attributes(match[1] ?? '', ';', pathNames);
  const query = attributes(match[2] ?? '', '&', queryNames);
  const modulePath = query.get('module-path');
  if (modulePath === undefined || !modulePath.startsWith('/'))
    throw wrong('module-path names no library by its whole path');
  const [token, serial, slotId] = [path.get('token'), path.get('serial'), path.get('slot-id')];
  if (token === undefined && serial === undefined && slotId === undefined)
    throw wrong('it names no token, serial or slot-id');
  if (slotId !== undefined && !/^\d{1,10}$/.test(slotId)) throw wrong('slot-id is no number');
  return {
    text,
    modulePath,
    token,
    serial,
    slotId: slotId === undefined ? undefined : Number(slotId),
    pinFile: pinFileOf(query.get('pin-source')),
  };
}

function attributes(text: string, separator: string, known: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of text === '' ? [] : text.split(separator)) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(at, 0));
    if (name === 'pin-value') throw wrong('a PIN does not belong into it: use pin-source, or the unlock file');
    if (!known.includes(name)) throw wrong(`"${name === '' ? part : name}" is not understood`);
    if (found.has(name)) throw wrong(`"${name}" stands twice`);
    found.set(name, decoded(part.slice(at + 1)));
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong(`"${text}" is not properly encoded`);
  }
}

/** RFC 7512 section 2.4: a file URI or a path; a program to run (`|…`) is not taken. */
function pinFileOf(source: string | undefined): string | undefined {
  if (source === undefined) return undefined;
  const path = source.startsWith('file:') ? source.slice('file:'.length).replace(/^\/\/(?=\/)/, '') : source;
  if (!path.startsWith('/')) throw wrong('pin-source names no file by its whole path');
  return path;
}

function wrong(why: string): KeyringError {
  return new KeyringError('token', `The PKCS #11 URI cannot be used: ${why}.`);
}
