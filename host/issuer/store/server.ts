/** The store on a PostgreSQL server: any number of issuer processes at once. */
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Driver, PostgresPool, PostgresPoolClient } from 'kysely';
import { LedgerError } from '../errors.js';
import { copyRows } from './copy.js';
import { migrate, storeOn } from './database.js';
import type { Store } from './database.js';
import { NamingDriver, isOutdatedPlan, storeFailure } from './failures.js';
import { StatementNames } from './statement-names.js';
import type { Schema } from './schema.js';

const int8 = 20;

export interface ServerStoreOptions {
  /** Connections at once; further requests wait for one. */
  readonly connections?: number;
}

/** Milliseconds. A request that waits longer is told so, and may come again: it is booked once. */
const patience = { connect: 5_000, statement: 60_000, lock: 15_000, idleInTransaction: 60_000 };

/**
 * Opens the store and brings its schema up to date. A server that goes away later is found again by the next request.
 *
 * @param url postgres://…
 * @throws LedgerError unreachable
 */
export async function openServerStore(url: string, { connections = 8 }: ServerStoreOptions = {}): Promise<Store> {
  const { commitsLater } = await migrated(url);
  const pool = serverPool(url, {
    max: connections,
    statement_timeout: patience.statement,
    lock_timeout: patience.lock,
    idle_in_transaction_session_timeout: patience.idleInTransaction,
    // what is acknowledged is on the disk, also where the server's default is to be quick
    ...(commitsLater ? { options: '-c synchronous_commit=on' } : {}),
  });
  return storeOn(new ServerDialect(pool));
}

/** Migrates, on a connection of its own: building an index may take longer than any request. */
async function migrated(url: string): Promise<{ commitsLater: boolean }> {
  const db = new Kysely<Schema>({ dialect: new ServerDialect(serverPool(url, { max: 1 })) });
  try {
    await migrate(db);
    const { rows } = await sql<{ synchronous_commit: string }>`show synchronous_commit`.execute(db);
    return { commitsLater: rows[0]?.synchronous_commit === 'off' };
  } catch (error) {
    throw openFailure(error);
  } finally {
    await db.destroy();
  }
}

/** The sentence of the server or the socket is worth reading here; later it is the same every time. */
function openFailure(error: unknown): unknown {
  const { cause = error } = error as { cause?: unknown };
  if (storeFailure(cause) === undefined && !isRefused(cause)) return error;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LedgerError('unreachable', `The database cannot be reached: ${why}.`, { cause: error });
}

/** The database as it is: not migrated, no time-outs. For tools beside the service. */
export function serverDatabase(url: string): { readonly store: Store; close(): Promise<void> } {
  const store = storeOn(new ServerDialect(serverPool(url, { max: 2 })));
  return { store, close: () => store.close() };
}

/** Password, user or database that the server does not have: SQLSTATE 28xxx and 3D000. */
function isRefused(error: unknown): boolean {
  return /^(28\w{3}|3D000)$/.test((error as { code?: string }).code ?? '');
}

export function serverPool(url: string, config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'epurse',
    connectionTimeoutMillis: patience.connect,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === int8
          ? (text: string) => BigInt(text)
          : (pg.types.getTypeParser(oid, format) as (text: string) => unknown),
    },
    ...config,
  });
  // a connection may break while it is idle, or in a transaction between two queries: the next query says so
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

class ServerDialect extends PostgresDialect {
  constructor(pool: pg.Pool) {
    super({ pool: copying(pool) });
  }

  override createDriver(): Driver {
    return new NamingDriver(super.createDriver());
  }
}

/** The pool, with connections that take COPY statements and their rows, and prepare each other statement once. */
function copying(pool: pg.Pool): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  const names = new StatementNames();
  const connect = async (): Promise<PostgresPoolClient> => {
    const client = await pool.connect();
    const copier = known.get(client) ?? copyingClient(client, names);
    known.set(client, copier);
    return copier;
  };
  return { connect, end: () => pool.end() };
}

function copyingClient(client: pg.PoolClient, names: StatementNames): PostgresPoolClient {
  const query = async (text: string, parameters: readonly unknown[]) => {
    const rows = copyRows(text, parameters);
    if (rows === undefined) return prepared(client, names, text, parameters);
    const copy = client.query(from(text));
    const written = finished(copy);
    copy.end(rows);
    await written;
    return { command: 'INSERT' as const, rowCount: copy.rowCount, rows: [] };
  };
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release() };
}

async function prepared(client: pg.PoolClient, names: StatementNames, text: string, parameters: readonly unknown[]) {
  const name = parameters.length === 0 ? undefined : names.of(text);
  if (name === undefined) return client.query(text, [...parameters]);
  try {
    return await client.query({ name, text, values: [...parameters] });
  } catch (error) {
    if (!isOutdatedPlan(error)) throw error;
    names.forget(text);
    // inside a transaction nothing more can be asked: the whole of it runs again
    return client.query(text, [...parameters]).catch(() => {
      throw error;
    });
  }
}
