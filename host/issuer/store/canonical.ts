/** One text for one value: keys in order, bigints marked, byte strings in hexadecimal. What is hashed under an idempotency key. */
import { hash } from 'node:crypto';
import { fromHex, toHex } from '../../protocol/codec/bytes.js';

export function canonicalText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return plain.test(value) ? `"${value}"` : JSON.stringify(value);
    case 'bigint':
      return `"${value}n"`;
    case 'object':
      break;
    default:
      return JSON.stringify(value) ?? 'null';
  }
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `"${toHex(value)}"`;
  return Array.isArray(value) ? `[${value.map(canonicalText).join(',')}]` : objectText(value);
}

/** Text that JSON writes as it is. */
const plain = /^[\w \-./:]*$/;

function objectText(value: object): string {
  const fields = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key];
    if (field === undefined) continue;
    text += `${text === '' ? '' : ','}${canonicalText(key)}:${canonicalText(field)}`;
  }
  return `{${text}}`;
}

/** SHA-256 of {@link canonicalText}. */
export function contentHash(value: unknown): Uint8Array {
  return fromHex(hash('sha256', canonicalText(value)));
}
