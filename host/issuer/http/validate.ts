/** JSON in and out by the schemas of the routes; a refusal names the field. */
import { z } from 'zod';
import { IssuerError } from '../../protocol/issuer/port.js';

/** @param what such as "request" or "query" @throws IssuerError rejected */
export function decoded<T extends z.ZodType>(schema: T, value: unknown, what = 'request'): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  const sentence = issue?.message ?? 'it is malformed';
  throw new IssuerError('rejected', `The ${what} does not fit: ${where === '' ? '' : `${where}: `}${sentence}.`);
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
