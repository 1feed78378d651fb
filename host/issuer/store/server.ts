/** The store on a PostgreSQL server: any number of issuer processes at once. */
import pg from 'pg';
import { PostgresDialect } from 'kysely';
import { LedgerError } from '../errors.js';
import { migrate, storeOn } from './database.js';
import type { Store } from './database.js';

const int8 = 20;

/** @param url postgres://… @throws LedgerError unreachable */
export async function openServerStore(url: string): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === int8
          ? (text: string) => BigInt(text)
          : (pg.types.getTypeParser(oid, format) as (text: string) => unknown),
    },
  });
  // an idle connection may break: the next query says so
  pool.on('error', () => undefined);
  try {
    await pool.query('select 1');
  } catch (cause) {
    await pool.end();
    throw new LedgerError('unreachable', `The database cannot be reached: ${String((cause as Error).message)}.`, {
      cause,
    });
  }
  const store = storeOn(new PostgresDialect({ pool }));
  await migrate(store.db);
  return store;
}
