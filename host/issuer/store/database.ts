/** One way to open the store, wherever it is; one dialect (PostgreSQL) and one set of migrations for all of them. */
import { Kysely, Migrator, sql } from 'kysely';
import type { Dialect, Transaction } from 'kysely';
import { LedgerError } from '../errors.js';
import { migrationProvider, migrations } from './migrations/index.js';
import type { Schema } from './schema.js';
import { inSnapshot, inTransaction } from './transactions.js';
import type { TransactionOptions } from './transactions.js';

export type Db = Kysely<Schema>;
/** Inside a SQL transaction. */
export type Tx = Transaction<Schema>;

export interface Store {
  readonly db: Db;
  /**
   * Runs `work` in one SQL transaction: all of it is durable when this resolves, or none of it happened. `work` runs again
   * where other transactions were in its way.
   *
   * @throws LedgerError unreachable, busy; whatever `work` throws
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Runs `read` on one moment of the database, however many statements it takes; it cannot write. */
  snapshot<T>(read: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function storeOn(dialect: Dialect, released: () => void = () => undefined): Store {
  const db = new Kysely<Schema>({ dialect });
  return {
    db,
    transaction: (work, options) => inTransaction(db, work, options),
    snapshot: (read) => inSnapshot(db, read),
    close: async () => {
      await db.destroy();
      released();
    },
  };
}

/** Brings the schema up to date; several processes may do so at once. @throws LedgerError unreachable */
export async function migrate(db: Db): Promise<void> {
  const { unknown } = await schemaState(db);
  if (unknown.length > 0)
    throw new LedgerError(
      'unreachable',
      `The database was used by a newer version of this program (${unknown.join(', ')}); nothing was changed.`,
    );
  const { error } = await new Migrator({ db, provider: migrationProvider }).migrateToLatest();
  if (error === undefined) return;
  const what = error instanceof Error ? error.message : 'unknown error';
  throw new LedgerError('unreachable', `The database schema could not be brought up to date: ${what}.`, {
    cause: error,
  });
}

export interface SchemaState {
  /** Names of migrations. */
  readonly done: readonly string[];
  readonly missing: readonly string[];
  /** Done by a version that knows more than this one. */
  readonly unknown: readonly string[];
}

/** Which migrations a database has seen. */
export async function schemaState(db: Db): Promise<SchemaState> {
  const { rows: tables } = await sql`select 1 from pg_tables where tablename = 'kysely_migration'`.execute(db);
  const { rows } =
    tables.length === 0
      ? { rows: [] }
      : await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  const done = rows.map(({ name }) => name);
  const known = Object.keys(migrations);
  return {
    done,
    missing: known.filter((name) => !done.includes(name)),
    unknown: done.filter((name) => !known.includes(name)),
  };
}
