/** The schema can be spread over several servers: every unique key of a table carries the column it is spread by. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { sql } from 'kysely';
import { distribution, referenceTables } from '../../host/issuer/store/distribution.js';
import { projectRoot } from '../helpers/project.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { onEachDatabase } from './each-database.js';

interface Key {
  readonly table: string;
  readonly columns: string[];
}

onEachDatabase('The schema', (open) => {
  let site: SoftIssuer;
  before(async () => (site = await open()));

  const tables = async (): Promise<string[]> => {
    const { rows } = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%'
       order by tablename`.execute(site.issuer.store.db);
    return rows.map(({ name }) => name);
  };
  const uniqueKeys = async (): Promise<Key[]> => {
    const { rows } = await sql<Key>`
      select t.relname as table, array_agg(a.attname::text) as columns
        from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
        join pg_attribute a on a.attrelid = t.oid and a.attnum = any(i.indkey)
       where i.indisunique and n.nspname = 'public' group by t.relname, i.indexrelid`.execute(site.issuer.store.db);
    return rows;
  };
  const foreignKeys = async (): Promise<{ from: string; to: string; columns: string[] }[]> => {
    const { rows } = await sql<{ from: string; to: string; columns: string[] }>`
      select f.relname as from, t.relname as to, array_agg(a.attname::text) as columns
        from pg_constraint c join pg_class f on f.oid = c.conrelid join pg_class t on t.oid = c.confrelid
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
       where c.contype = 'f' group by f.relname, t.relname, c.oid`.execute(site.issuer.store.db);
    return rows;
  };
  const columnOf = (table: string): string | undefined =>
    Object.hasOwn(distribution, table) ? distribution[table as keyof typeof distribution] : undefined;

  it('says of every table how it is spread, and of none that is not there', async () => {
    const said = [...Object.keys(distribution), ...referenceTables].sort();
    expect(said).to.deep.equal((await tables()).sort());
  });

  it('carries the column a table is spread by in every unique key', async () => {
    const keys = (await uniqueKeys()).filter(({ table }) => columnOf(table) !== undefined);
    expect(keys).to.have.length.above(15);
    expect(keys.filter(({ table, columns }) => !columns.includes(columnOf(table) ?? ''))).to.deep.equal([]);
  });

  it('refers from a spread table to none but reference tables and those spread the same way, by that column', async () => {
    const wrong = (await foreignKeys()).filter(({ from, to, columns }) => {
      if ((referenceTables as readonly string[]).includes(to)) return false;
      const column = columnOf(from);
      return column === undefined || column !== columnOf(to) || !columns.includes(column);
    });
    expect(wrong).to.deep.equal([]);
  });

  it('is spread by the statements of docs/operations.md', () => {
    const docs = readFileSync(join(projectRoot, 'docs', 'operations.md'), 'utf8');
    for (const [table, column] of Object.entries(distribution))
      expect(docs).to.match(new RegExp(`create_distributed_table\\('${table}', '${column}'`));
    for (const table of referenceTables) expect(docs).to.include(`create_reference_table('${table}')`);
  });
});
