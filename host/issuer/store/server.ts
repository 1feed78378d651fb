/** The store on a PostgreSQL server: any number of issuer processes at once. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import { PostgresDialect } from 'kysely';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { LedgerError } from '../errors.js';
import { copyRows } from './copy.js';
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
  const store = storeOn(new PostgresDialect({ pool: copying(pool) }));
  await migrate(store.db);
  return store;
}

/** The pool, with connections that take COPY statements and their rows. */
function copying(pool: pg.Pool): PostgresPool {
  return { connect: async () => copyingClient(await pool.connect()), end: () => pool.end() };
}

function copyingClient(client: pg.PoolClient): PostgresPoolClient {
  const query = async (text: string, parameters: readonly unknown[]) => {
    const rows = copyRows(text, parameters);
    if (rows === undefined) return client.query(text, [...parameters]);
    const copy = client.query(from(text));
    await pipeline(Readable.from([rows], { objectMode: false }), copy);
    return { command: 'INSERT' as const, rowCount: copy.rowCount, rows: [] };
  };
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release() };
}
