/**
 * The embedded store: PGlite, a PostgreSQL in this process. One process at a time may open a data folder (lock file beside it);
 * memory stores are for tests and demonstrations. A new store starts from a prepared snapshot instead of running initdb and
 * the migrations, which takes seconds.
 *
 * PGlite runs with fsync off: a commit survives the death of the process, not that of the machine. A PostgreSQL server has both.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely } from 'kysely';
import { PGliteDialect } from 'kysely-pglite-dialect';
import { takeLock } from '../../terminal/lock.js';
import { LedgerError } from '../errors.js';
import { copyRows } from './copy.js';
import { migrate, storeOn } from './database.js';
import type { Store } from './database.js';
import type { Schema } from './schema.js';
import { cachedSnapshot } from './snapshot.js';

/** Type 20 is int8: always bigint, never a number that may be rounded. */
const parsers = { 20: (text: string) => BigInt(text) };

/** A store that ends with this object. */
export async function openMemoryStore(): Promise<Store> {
  return storeOn(new PGliteDialect(copying(await PGlite.create({ parsers, loadDataDir: await preparedSnapshot() }))));
}

/**
 * Opens or creates the store in a folder, and brings its schema up to date.
 *
 * @param folder made where missing; holds `ledger/` and `ledger.lock`
 * @throws LedgerError busy, unreachable
 */
export async function openEmbeddedStore(folder: string): Promise<Store> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(folder, 'ledger.lock'));
  if ('busy' in lock) {
    throw new LedgerError('busy', `The ledger in ${folder} is in use by process ${lock.busy.pid}.`);
  }
  try {
    const store = storeOn(new PGliteDialect(copying(await openFolder(join(folder, 'ledger')))), lock.release);
    await migrate(store.db);
    return store;
  } catch (error) {
    lock.release();
    if (error instanceof LedgerError) throw error;
    throw new LedgerError('unreachable', `The ledger in ${folder} cannot be opened.`, { cause: error });
  }
}

async function openFolder(dataDir: string): Promise<PGlite> {
  const isNew = !existsSync(join(dataDir, 'PG_VERSION'));
  return PGlite.create({ dataDir, parsers, ...(isNew ? { loadDataDir: await preparedSnapshot() } : {}) });
}

/** With COPY: PGlite reads the rows of such a statement from a blob beside it. */
function copying(lite: PGlite): PGlite {
  const plain = lite.query.bind(lite);
  const query: PGlite['query'] = (text, parameters = [], options = {}) => {
    const rows = copyRows(text, parameters);
    if (rows === undefined) return plain(text, parameters, options);
    return plain(text.replace(/stdin$/, `'/dev/blob'`), [], { ...options, blob: new Blob([rows]) });
  };
  return Object.assign(lite, { query });
}

function preparedSnapshot(): Promise<Blob> {
  return cachedSnapshot(async () => {
    const fresh = await PGlite.create({ parsers });
    await migrate(new Kysely<Schema>({ dialect: new PGliteDialect(fresh) }));
    const snapshot = await fresh.dumpDataDir('none');
    await fresh.close();
    return snapshot;
  });
}
