/** The issuer's store: can it be reached, who has it, is its schema of today, does it keep what it acknowledges, is there room? */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { sql } from 'kysely';
import { LedgerError } from '../../issuer/errors.js';
import { schemaState } from '../../issuer/store/database.js';
import type { Db } from '../../issuer/store/database.js';
import { openEmbedded } from '../../issuer/store/embedded.js';
import { serverDatabase } from '../../issuer/store/server.js';
import { lockHolder } from '../../terminal/lock.js';
import type { Home } from '../../terminal/home.js';
import type { Finding } from './finding.js';

const name = 'database';

/** @param url of a PostgreSQL server; the embedded store of the home without */
export async function databaseFindings(home: Home, url: string | undefined): Promise<Finding[]> {
  return [...(await (url === undefined ? embeddedFindings(home) : serverFindings(url))), await roomFinding(home)];
}

async function embeddedFindings(home: Home): Promise<Finding[]> {
  if (!existsSync(home.path('issuer', 'ledger', 'PG_VERSION')))
    return [{ name, state: 'fine', detail: 'embedded; made by the first command that needs it' }];
  const holder = lockHolder(home.path('issuer', 'ledger.lock'));
  if (holder !== undefined) return [{ name, state: 'fine', detail: `embedded; in use by process ${holder.pid}` }];
  try {
    const { store } = await openEmbedded(home.path('issuer'));
    const finding = await schemaFinding(store.db, 'embedded').finally(() => store.close());
    return [finding];
  } catch (error) {
    return [unusable(error, 'Restore it from a backup: ./epurse issuer restore FILE')];
  }
}

async function serverFindings(url: string): Promise<Finding[]> {
  const { store, close } = serverDatabase(url);
  try {
    const { rows } = await sql<{ name: string; setting: string }>`
      select name, setting from pg_settings
       where name in ('server_version', 'fsync', 'full_page_writes', 'synchronous_commit', 'transaction_read_only')`.execute(
      store.db,
    );
    const settings = new Map(rows.map((row) => [row.name, row.setting]));
    const version = `PostgreSQL ${settings.get('server_version') ?? ''}`;
    return [await schemaFinding(store.db, version), ...durabilityFindings(settings)];
  } catch (error) {
    return [unusable(error, 'Check EPURSE_DATABASE_URL and the server.')];
  } finally {
    await close();
  }
}

/** @param settings of the server, by name */
export function durabilityFindings(settings: ReadonlyMap<string, string>): Finding[] {
  const off = ['fsync', 'full_page_writes'].filter((setting) => settings.get(setting) === 'off');
  const findings: Finding[] = off.map((setting) => ({
    name: 'durability',
    state: 'wrong',
    detail: `${setting} is off: a power cut may lose or damage the books`,
    mend: `Set ${setting} = on in postgresql.conf and reload the server.`,
  }));
  if (settings.get('transaction_read_only') === 'on')
    findings.push({
      name: 'durability',
      state: 'wrong',
      detail: 'the server only reads: a standby, or set so',
      mend: 'Name the primary in EPURSE_DATABASE_URL.',
    });
  if (settings.get('synchronous_commit') === 'off')
    findings.push({
      name: 'durability',
      state: 'advice',
      detail: 'synchronous_commit is off; the issuer turns it on for its own connections',
    });
  return findings;
}

async function schemaFinding(db: Db, what: string): Promise<Finding> {
  const { done, missing, unknown } = await schemaState(db);
  const detail = `${what}, schema ${done.at(-1) ?? 'empty'}`;
  if (unknown.length > 0)
    return {
      name,
      state: 'wrong',
      detail: `${detail}: made by a newer version of this program`,
      mend: 'Install that version.',
    };
  if (missing.length === 0) return { name, state: 'fine', detail };
  return { name, state: 'fine', detail: `${detail}; the next start adds ${missing.join(', ')}` };
}

function unusable(error: unknown, mend: string): Finding {
  const detail = error instanceof LedgerError || error instanceof Error ? error.message : String(error);
  return { name, state: 'wrong', detail, mend };
}

const mebi = 1024n * 1024n;

async function roomFinding(home: Home): Promise<Finding> {
  const { bavail, bsize } = await statfs(home.folder, { bigint: true });
  const free = (bavail * bsize) / mebi;
  const detail = `${free} MiB free for the home folder`;
  if (free >= 1024n) return { name: 'disk', state: 'fine', detail };
  return { name: 'disk', state: free < 64n ? 'wrong' : 'advice', detail, mend: 'Make room: every payment is written.' };
}
