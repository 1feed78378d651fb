/**
 * What everything in a store comes to, had often: each table's share is made anew only where a row was written or is gone since. That
 * is seen by PostgreSQL's own book of who wrote a row last (xmin): a table has other rows only where it has a newer one or fewer.
 */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { tableNames, tableStates } from '../../../host/issuer/store/state-hash.js';
import type { TableState } from '../../../host/issuer/store/state-hash.js';
import type { Db } from '../../../host/issuer/store/database.js';

interface Version {
  readonly table: string;
  readonly rows: bigint;
  /** The newest transaction a row that stands was written in. */
  readonly newest: bigint | null;
}

export class StateWatch {
  private readonly known = new Map<string, { readonly version: Version; readonly state: TableState }>();
  private versions: RawBuilder<Version> | undefined;

  constructor(private readonly db: Db) {}

  /** Equal for equal rows, like {@link tableStates}. Nobody may write meanwhile. */
  async digest(): Promise<string> {
    this.versions ??= await versionsOf(this.db);
    const { rows } = await this.versions.execute(this.db);
    const changed = rows.filter((version) => !same(this.known.get(version.table)?.version, version));
    const states = await tableStates(
      this.db,
      changed.map(({ table }) => table),
    );
    for (const version of changed) {
      const state = states.find(({ table }) => table === version.table);
      if (state === undefined) throw new Error(`the table ${version.table} is gone`);
      this.known.set(version.table, { version, state });
    }
    const hash = createHash('sha256');
    for (const [table, { state }] of [...this.known].sort()) hash.update(`${table} ${state.rows} ${state.sum}\n`);
    return hash.digest('hex');
  }
}

async function versionsOf(db: Db): Promise<RawBuilder<Version>> {
  const parts = (await tableNames(db)).map(
    (name) => sql`
      select ${sql.lit(name)}::text as table, count(*)::bigint as rows, max(xmin::text::bigint) as newest from ${sql.table(name)}`,
  );
  return sql<Version>`${sql.join(parts, sql` union all `)}`;
}

function same(a: Version | undefined, b: Version): boolean {
  return a?.rows === b.rows && a.newest === b.newest;
}
