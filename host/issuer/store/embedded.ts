/**
 * The embedded store: PGlite, a PostgreSQL in this process. One process at a time may open a data folder (lock file beside it);
 * memory stores are for tests and demonstrations. A new store starts from a prepared snapshot instead of running initdb and
 * the migrations, which takes seconds.
 *
 * What is committed is on the disk (durable-files.ts): it survives the death of the process and the loss of power.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely } from 'kysely';
import { PGliteDialect } from 'kysely-pglite-dialect';
import { takeLock } from '../../terminal/lock.js';
import { LedgerError } from '../errors.js';
import { copyRows } from './copy.js';
import { migrate, storeOn } from './database.js';
import type { Store } from './database.js';
import { DurableFiles, durableParameters, syncPath, syncTree } from './durable-files.js';
import type { Synced } from './durable-files.js';
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
 * @param synced told of everything that was written to the disk; for tests
 * @throws LedgerError busy, unreachable
 */
export async function openEmbeddedStore(folder: string, synced?: Synced): Promise<Store> {
  const { store } = await openEmbedded(folder, { ...(synced === undefined ? {} : { synced }) });
  await migrateOrClose(store, folder);
  return store;
}

export interface EmbeddedOptions {
  readonly synced?: Synced;
  /** What a store that is not there yet begins with; default: the empty schema. */
  readonly image?: Blob;
}

/** The store as it is, and the PGlite below it. @throws LedgerError busy, unreachable */
export async function openEmbedded(
  folder: string,
  options: EmbeddedOptions = {},
): Promise<{ readonly store: Store; readonly lite: PGlite }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(folder, 'ledger.lock'));
  if ('busy' in lock) {
    throw new LedgerError('busy', `The ledger in ${folder} is in use by process ${lock.busy.pid}.`);
  }
  try {
    const lite = copying(await openFolder(join(folder, 'ledger'), options));
    return { store: storeOn(new PGliteDialect(lite), lock.release), lite };
  } catch (cause) {
    lock.release();
    throw cannotOpen(folder, cause);
  }
}

async function migrateOrClose(store: Store, folder: string): Promise<void> {
  try {
    await migrate(store.db);
  } catch (error) {
    await store.close();
    throw error instanceof LedgerError ? error : cannotOpen(folder, error);
  }
}

function cannotOpen(folder: string, cause: unknown): LedgerError {
  return new LedgerError('unreachable', `The ledger in ${folder} cannot be opened.`, { cause });
}

/** A file beside a new store says that it is not whole yet: a start that was cut short begins again. */
async function openFolder(dataDir: string, { synced, image: given }: EmbeddedOptions): Promise<PGlite> {
  const unfinished = `${dataDir}.unfinished`;
  if (existsSync(unfinished)) rmSync(dataDir, { recursive: true, force: true });
  const files = new DurableFiles(dataDir, synced);
  const options = { fs: files, startParams: [...durableParameters], parsers };
  if (existsSync(join(dataDir, 'PG_VERSION'))) {
    // what a killed process left to the system: PostgreSQL syncs it too before it recovers, file by file
    syncTree(dataDir);
    return PGlite.create(options);
  }
  const image = given ?? (await preparedSnapshot());
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(unfinished, '');
  files.awake = false;
  const lite = await PGlite.create({ ...options, loadDataDir: image });
  syncTree(dataDir);
  syncPath(dirname(dataDir));
  files.awake = true;
  rmSync(unfinished);
  return lite;
}

/** With COPY: PGlite reads the rows of such a statement from a blob beside it. */
function copying(lite: PGlite): PGlite {
  const plain = lite.query.bind(lite);
  const query: PGlite['query'] = (text, parameters = [], options = {}) => {
    const rows = copyRows(text, parameters);
    if (rows === undefined) return plain(text, parameters, options);
    return plain(text.replace(' from stdin ', ` from '/dev/blob' `), [], { ...options, blob: new Blob([rows]) });
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
