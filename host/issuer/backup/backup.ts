/** Backup and restore of the issuer's store. What was restored is compared with what was backed up before it counts. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import type { Clock } from '../../protocol/codec/time.js';
import { schemaState } from '../store/database.js';
import type { Db } from '../store/database.js';
import { openEmbedded, openEmbeddedStore } from '../store/embedded.js';
import { migrations } from '../store/migrations/index.js';
import { openServerStore, serverDatabase } from '../store/server.js';
import { stateHash } from '../store/state-hash.js';
import { BackupError } from './errors.js';
import { readBackup, writeBackup } from './file.js';
import type { BackupHeader } from './file.js';
import { dump, restore } from './postgres-tools.js';

/** Where a store is. */
export type Place =
  { readonly kind: 'pglite'; readonly folder: string } | { readonly kind: 'postgresql'; readonly url: string };

/**
 * Writes everything the store holds, as of one moment, to a new file. A server goes on working meanwhile; an embedded store must
 * not be open elsewhere.
 *
 * @throws BackupError exists, tool
 * @throws LedgerError busy, unreachable
 */
export async function backupStore(place: Place, file: string, clock: Clock): Promise<BackupHeader> {
  return place.kind === 'pglite' ? backupEmbedded(place.folder, file, clock) : backupServer(place.url, file, clock);
}

async function backupEmbedded(folder: string, file: string, clock: Clock): Promise<BackupHeader> {
  const { store, lite } = await openEmbedded(folder);
  try {
    const facts = await factsOf(store.db, 'pglite', clock);
    const image = await lite.dumpDataDir('gzip');
    return await writeBackup(file, facts, Readable.from([new Uint8Array(await image.arrayBuffer())]));
  } finally {
    await store.close();
  }
}

async function backupServer(url: string, file: string, clock: Clock): Promise<BackupHeader> {
  const { store, close } = serverDatabase(url);
  try {
    return await store.snapshot(async (tx) => {
      const { rows } = await sql<{ id: string }>`select pg_export_snapshot() as id`.execute(tx);
      const facts = await factsOf(tx, 'postgresql', clock);
      const dumping = dump(url, rows[0]?.id ?? '');
      return writeBackup(file, facts, Readable.from(ended(dumping)));
    });
  } finally {
    await close();
  }
}

/** The content, and then the failure where the tool failed: what is cut short is no backup. */
async function* ended({ content, done }: ReturnType<typeof dump>): AsyncGenerator<Buffer> {
  yield* content as AsyncIterable<Buffer>;
  await done;
}

async function factsOf(
  db: Db,
  kind: BackupHeader['kind'],
  clock: Clock,
): Promise<Omit<BackupHeader, 'bytes' | 'sha256'>> {
  const { done } = await schemaState(db);
  return { kind, madeAt: clock(), migrations: [...done], stateHash: await stateHash(db) };
}

/**
 * Fills an empty store from a backup, compares, and brings its schema up to date.
 *
 * @throws BackupError foreign, damaged, not-empty, tool; the store is then as empty as before
 * @throws LedgerError busy, unreachable
 */
export async function restoreStore(place: Place, file: string): Promise<BackupHeader> {
  const { header, content } = await readBackup(file);
  if (header.kind !== place.kind)
    throw new BackupError(
      'foreign',
      `${file} was made of ${names[header.kind]}, and this is ${names[place.kind]}. It can be restored into its own kind only.`,
    );
  const unknown = header.migrations.filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length > 0)
    throw new BackupError('foreign', `${file} was made by a newer version of this program (${unknown.join(', ')}).`);
  if (place.kind === 'pglite') await restoreEmbedded(place.folder, header, content());
  else await restoreServer(place.url, header, content());
  return header;
}

const names = { pglite: 'an embedded store', postgresql: 'a PostgreSQL server' } as const;

async function restoreEmbedded(folder: string, header: BackupHeader, content: Readable): Promise<void> {
  const before = await openEmbeddedStore(folder);
  try {
    await refuseUnlessEmpty(before.db);
  } finally {
    await before.close();
  }
  const ledger = join(folder, 'ledger');
  rmSync(ledger, { recursive: true, force: true });
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of content as AsyncIterable<Buffer>) parts.push(new Uint8Array(part));
  const { store } = await openEmbedded(folder, { image: new Blob(parts) });
  const same = await stateHash(store.db).finally(() => store.close());
  if (same !== header.stateHash) {
    rmSync(ledger, { recursive: true, force: true });
    throw different();
  }
  await (await openEmbeddedStore(folder)).close();
}

async function restoreServer(url: string, header: BackupHeader, content: Readable): Promise<void> {
  const { store, close } = serverDatabase(url);
  try {
    await refuseUnlessEmpty(store.db);
    await restore(url, content);
    if ((await stateHash(store.db)) !== header.stateHash) throw different();
  } finally {
    await close();
  }
  await (await openServerStore(url)).close();
}

function different(): BackupError {
  return new BackupError('damaged', 'What was restored is not what was backed up; do not use it.');
}

/** Tables whose rows somebody would miss. A store that was only opened has its parameters and nothing else. */
const holding = ['card', 'holder', 'terminal', 'ledger_event'] as const;

async function refuseUnlessEmpty(db: Db): Promise<void> {
  const { rows: there } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename = any(${[...holding]})`.execute(
    db,
  );
  for (const { name } of there) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(db);
    if (rows.length > 0)
      throw new BackupError(
        'not-empty',
        'The store holds data; a backup is restored into an empty one. Nothing was changed.',
      );
  }
}
