/**
 * One number for everything a store holds: equal for two stores with the same rows, whatever their order on the disk and whichever
 * database holds them. Tells a restored backup from its original, and a refused request from one that left something behind.
 */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Db } from './database.js';

export interface TableState {
  readonly table: string;
  readonly rows: bigint;
  /** Sum over the halves of the MD5 of every row's text: an error-detecting code, no protection against a forger. */
  readonly sum: string;
}

/** Every table of the schema, by name; the migrations that were run among them. */
export async function tableNames(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables
     where schemaname = 'public' and tablename <> 'kysely_migration_lock' order by tablename`.execute(db);
  return rows.map(({ name }) => name);
}

/** One statement, so that it sees one moment. @param tables all without */
export async function tableStates(db: Db, tables?: readonly string[]): Promise<TableState[]> {
  const parts = (tables ?? (await tableNames(db))).map(stateOf);
  if (parts.length === 0) return [];
  const { rows } = await sql<{ table: string; rows: bigint; sum: string }>`
    ${sql.join(parts, sql` union all `)} order by 1`.execute(db);
  return rows;
}

function stateOf(table: string): RawBuilder<unknown> {
  // when a migration was run does not matter
  const row = table === 'kysely_migration' ? sql`one.name` : sql`one::text`;
  return sql`
    select ${table}::text as table, count(*)::bigint as rows,
           coalesce(sum(('x' || substr(digest, 1, 16))::bit(64)::bigint), 0)::text || '/' ||
           coalesce(sum(('x' || substr(digest, 17, 16))::bit(64)::bigint), 0)::text as sum
      from (select md5(${row}) as digest from ${sql.table(table)} as one) as digests`;
}

/** SHA-256, hexadecimal, over {@link tableStates}. */
export async function stateHash(db: Db): Promise<string> {
  const hash = createHash('sha256');
  for (const { table, rows, sum } of await tableStates(db)) hash.update(`${table} ${rows} ${sum}\n`);
  return hash.digest('hex');
}
