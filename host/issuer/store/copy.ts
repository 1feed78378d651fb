/**
 * COPY: many rows into one table, at half of what an INSERT costs the server. A table's rows travel as one text in the format of
 * COPY (PostgreSQL manual, COPY, text format) through the same connection as every other statement, so in its transaction.
 */
import { CompiledQuery } from 'kysely';
import type { Tx } from './database.js';
import type { Schema } from './schema.js';

export type CopyValue = string | number | bigint | boolean | Uint8Array | null;

/** What a store makes of it: a statement with this beginning takes its rows as its only parameter. */
const statement = /^copy .* from stdin$/;

/** @param rows values in the order of `columns` */
export async function copyInto<Table extends keyof Schema>(
  tx: Tx,
  table: Table,
  columns: readonly (keyof Schema[Table] & string)[],
  rows: readonly (readonly CopyValue[])[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.executeQuery(CompiledQuery.raw(`copy ${table} (${columns.join(', ')}) from stdin`, [copyText(rows)]));
}

/** The rows of a COPY statement, or undefined for any other statement. */
export function copyRows(text: string, parameters: readonly unknown[]): string | undefined {
  const [rows] = parameters;
  return typeof rows === 'string' && parameters.length === 1 && statement.test(text) ? rows : undefined;
}

function copyText(rows: readonly (readonly CopyValue[])[]): string {
  return `${rows.map((row) => row.map(field).join('\t')).join('\n')}\n`;
}

function field(value: CopyValue): string {
  if (typeof value === 'string') return special.test(value) ? value.replace(specials, escape) : value;
  if (value === null) return '\\N';
  return value instanceof Uint8Array ? `\\\\x${hex(value)}` : String(value);
}

const special = /[\\\b\f\n\r\t\v]/;
const specials = /[\\\b\f\n\r\t\v]/g;
const letters: Readonly<Record<string, string>> = {
  '\\': '\\',
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\v': 'v',
};

function escape(character: string): string {
  return `\\${letters[character] ?? character}`;
}

/** Bytes as bytea is written, through node's own encoder. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** A one-dimensional array literal of values that need no quoting: numbers, hexadecimal, words. */
export function arrayOf(values: Iterable<string | number | bigint>): string {
  return `{${[...values].join(',')}}`;
}

/** An array literal of byte strings. */
export function byteArrayOf(values: Iterable<Uint8Array>): string {
  return `{${Array.from(values, (value) => `"\\\\x${hex(value)}"`).join(',')}}`;
}
