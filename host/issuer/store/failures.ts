/** What a database can do to a request besides refusing it, by name: it is away, or it takes too long. */
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from 'kysely';
import { LedgerError } from '../errors.js';

/** SQLSTATE (PostgreSQL, appendix A): connection lost, shut down, starting, full, standby; and what Node says of sockets. */
const away =
  /^(08\w{3}|57P0[1-4]|53[1-3]00|25006|25P0[34]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)$/;
/** pg gives these no code. */
const awayByWord =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (was closed|has encountered a connection error))/;
/** Lock or statement time-out. */
const slow = /^(55P03|57014)$/;
/** Two transactions in each other's way: the database ended one. */
const collided = /^(40001|40P01)$/;

/** @returns a named error for what is the database's own trouble, undefined for everything else */
export function storeFailure(error: unknown): LedgerError | undefined {
  if (error instanceof LedgerError) return error;
  if (!(error instanceof Error)) return undefined;
  const { code = '' } = error as { code?: string };
  if (away.test(code) || awayByWord.test(error.message))
    return new LedgerError('unreachable', 'The database cannot be reached; nothing was booked.', { cause: error });
  if (slow.test(code))
    return new LedgerError('busy', 'The database did not answer in time; nothing was booked.', { cause: error });
  return undefined;
}

export function isCollision(error: unknown): boolean {
  return collided.test((error as { code?: string }).code ?? '') || isOutdatedPlan(error);
}

/** A statement was prepared before another process changed the tables (a migration): prepared anew it works. */
export function isOutdatedPlan(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === '0A000' && message === 'cached plan must not change result type';
}

/** Every failure of a driver's connections comes out as {@link storeFailure} names it. */
export class NamingDriver implements Driver {
  constructor(private readonly inner: Driver) {}

  init(): Promise<void> {
    return this.inner.init();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new NamingConnection(await named(() => this.inner.acquireConnection()));
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return named(() => this.inner.beginTransaction(innerOf(connection), settings));
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return named(() => this.inner.commitTransaction(innerOf(connection)));
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return named(() => this.inner.rollbackTransaction(innerOf(connection)));
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.inner.releaseConnection(innerOf(connection));
  }

  destroy(): Promise<void> {
    return this.inner.destroy();
  }
}

class NamingConnection implements DatabaseConnection {
  constructor(readonly inner: DatabaseConnection) {}

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return named(() => this.inner.executeQuery<R>(query));
  }

  async *streamQuery<R>(query: CompiledQuery, chunkSize?: number): AsyncIterableIterator<QueryResult<R>> {
    try {
      yield* this.inner.streamQuery<R>(query, chunkSize);
    } catch (error) {
      throw storeFailure(error) ?? error;
    }
  }
}

function innerOf(connection: DatabaseConnection): DatabaseConnection {
  return connection instanceof NamingConnection ? connection.inner : connection;
}

async function named<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeFailure(error) ?? error;
  }
}
