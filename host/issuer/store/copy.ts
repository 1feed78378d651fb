/**
 * COPY: many rows into one table, at half of what an INSERT costs the server. A table's rows travel as one block of bytes in the
 * binary format of COPY (PostgreSQL manual, COPY, binary format) through the same connection as every other statement, so in its
 * transaction.
 */
import { CompiledQuery } from 'kysely';
import { CopyWriter } from './copy-writer.js';
import type { CopyKind, CopyValue } from './copy-writer.js';
import type { Tx } from './database.js';
import type { Schema } from './schema.js';

export type { CopyValue } from './copy-writer.js';

/** Columns with the types the table has for them, in the order of a row's values. */
export type CopyColumns<Table extends keyof Schema> = Readonly<Partial<Record<keyof Schema[Table] & string, CopyKind>>>;

/** What a store makes of it: a statement with this end takes its rows as its only parameter. */
const statement = /^copy .* from stdin with \(format binary\)$/;

/** @param rows values in the order of `columns` */
export async function copyInto<Table extends keyof Schema>(
  tx: Tx,
  table: Table,
  columns: CopyColumns<Table>,
  rows: readonly (readonly CopyValue[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const writer = new CopyWriter(Object.values(columns) as CopyKind[]);
  for (const row of rows) writer.add(row);
  const text = `copy ${table} (${Object.keys(columns).join(', ')}) from stdin with (format binary)`;
  await tx.executeQuery(CompiledQuery.raw(text, [writer.end()]));
}

/** The rows of a COPY statement, or undefined for any other statement. */
export function copyRows(text: string, parameters: readonly unknown[]): Uint8Array<ArrayBuffer> | undefined {
  const [rows] = parameters;
  if (!(rows instanceof Uint8Array) || parameters.length !== 1 || !statement.test(text)) return undefined;
  return rows as Uint8Array<ArrayBuffer>;
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
