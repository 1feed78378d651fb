/** One way to open the store, wherever it is; one dialect (PostgreSQL) and one set of migrations for all of them. */
import { Kysely, Migrator } from 'kysely';
import type { Dialect, Transaction } from 'kysely';
import { LedgerError } from '../errors.js';
import { migrationProvider } from './migrations/index.js';
import type { Schema } from './schema.js';

export type Db = Kysely<Schema>;
/** Inside a SQL transaction. */
export type Tx = Transaction<Schema>;

export interface Store {
  readonly db: Db;
  /** Runs `work` in one SQL transaction: all of it is durable when this resolves, or none of it happened. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function storeOn(dialect: Dialect, released: () => void = () => undefined): Store {
  const db = new Kysely<Schema>({ dialect });
  return {
    db,
    transaction: (work) => retrying(() => db.transaction().execute(work)),
    close: async () => {
      await db.destroy();
      released();
    },
  };
}

/** Two transactions that wait for each other: the database ends one, which starts again. */
const serialisation = new Set(['40001', '40P01']);
const attempts = 5;

async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const { code } = error as { code?: string };
      if (attempt === attempts || code === undefined || !serialisation.has(code)) throw error;
    }
  }
}

/** Brings the schema up to date; several processes may do so at once. @throws LedgerError unreachable */
export async function migrate(db: Db): Promise<void> {
  const { error } = await new Migrator({ db, provider: migrationProvider }).migrateToLatest();
  if (error !== undefined) {
    const what = error instanceof Error ? error.message : 'unknown error';
    throw new LedgerError('unreachable', `The database schema could not be brought up to date: ${what}.`, {
      cause: error,
    });
  }
}
