/** JSON in and out by the schemas of the routes; a refusal names the field. */
import { z } from 'zod';
import { IssuerError } from '../../protocol/issuer/port.js';

/** @param what such as "request" or "query" @throws IssuerError rejected */
export function decoded<T extends z.ZodType>(schema: T, value: unknown, what = 'request'): z.output<T> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unfit(what, issue?.path ?? [], issue?.message ?? 'it is malformed');
  }
  const place = noText(parsed.data);
  if (place !== undefined) throw unfit(what, place, 'it holds the character U+0000, which no text has');
  return parsed.data;
}

function unfit(what: string, path: readonly PropertyKey[], sentence: string): IssuerError {
  const where = path.join('.');
  return new IssuerError('rejected', `The ${what} does not fit: ${where === '' ? '' : `${where}: `}${sentence}.`);
}

/** Where a string holds U+0000, which JSON can write and no text of PostgreSQL can hold. @param value as a schema let it through, so of no great depth */
function noText(value: unknown, path: readonly PropertyKey[] = []): readonly PropertyKey[] | undefined {
  if (typeof value === 'string') return value.includes('\0') ? path : undefined;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined;
  for (const [name, one] of Object.entries(value)) {
    const found = noText(one, [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A handler's answer as it is sent. An answer that does not fit its schema is a defect, and is not sent. */
export function encoded(schema: z.ZodType, answer: unknown): unknown {
  return answer === undefined ? undefined : z.encode(schema, answer);
}

/** @throws IssuerError rejected */
export function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new IssuerError('rejected', 'The body is not JSON.', { cause });
  }
}
