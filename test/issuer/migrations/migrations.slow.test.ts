/** Every migration on a database that has lived through all versions before it, on both databases; and several processes at once. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { expect } from 'chai';
import { Kysely, Migrator, sql } from 'kysely';
import { PGliteDialect } from 'kysely-pglite-dialect';
import type { LedgerError } from '../../../host/issuer/errors.js';
import { migrate, schemaState } from '../../../host/issuer/store/database.js';
import type { Db } from '../../../host/issuer/store/database.js';
import { migrationProvider, migrations } from '../../../host/issuer/store/migrations/index.js';
import type { Schema } from '../../../host/issuer/store/schema.js';
import { serverDatabase } from '../../../host/issuer/store/server.js';
import { needsPostgresql } from '../../helpers/postgres-server.js';
import { projectRoot } from '../../helpers/project.js';
import { sharedPostgres } from '../../support/shared-postgres.js';
import { dataOf } from './data.js';

const names = Object.keys(migrations);

/** An empty database. */
type Opened = { readonly db: Db; readonly close: () => Promise<void> };

async function onPglite(): Promise<Opened> {
  const db = new Kysely<Schema>({
    dialect: new PGliteDialect(await PGlite.create({ parsers: { 20: (text: string) => BigInt(text) } })),
  });
  return { db, close: () => db.destroy() };
}

async function onServer(): Promise<Opened> {
  const { store, close } = serverDatabase(await (await sharedPostgres()).createDatabase());
  return { db: store.db, close };
}

/** What each fixture put into each table, as counts; later versions may add rows of their own and lose none. */
async function counts(db: Db, tables: Iterable<string>): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const table of tables) {
    const { rows } = await sql<{ count: bigint }>`select count(*)::bigint as count from ${sql.table(table)}`.execute(
      db,
    );
    found.set(table, Number(rows[0]?.count));
  }
  return found;
}

/** `r` for a table, `v` for a view (catalog pg_class). */
async function tableOf(db: Db, name: string): Promise<string | undefined> {
  const { rows } = await sql<{ relkind: string }>`select relkind from pg_class where relname = ${name}`.execute(db);
  return rows[0]?.relkind;
}

function tablesOf(statements: readonly string[]): string[] {
  return statements.map((statement) => /^insert into (\w+)/.exec(statement)?.[1] ?? expect.fail(statement));
}

for (const { title, open, needs } of [
  { title: 'PGlite', open: onPglite, needs: () => undefined },
  { title: 'PostgreSQL', open: onServer, needs: needsPostgresql },
]) {
  describe(`Migrations (${title})`, function () {
    this.timeout(120_000);
    let opened: Opened;
    const filled = new Set<string>();
    before(async function () {
      needs(this);
      opened = await open();
    });
    after(() => opened?.close());

    for (const name of names) {
      it(`${name} runs on the data of the versions before it and loses none`, async () => {
        const { db } = opened;
        const before = await counts(db, filled);
        const { error, results } = await new Migrator({ db, provider: migrationProvider }).migrateTo(name);
        expect(error).to.equal(undefined);
        expect(results?.map(({ migrationName }) => migrationName)).to.deep.equal([name]);
        for (const [table, rows] of await counts(db, filled))
          expect(rows, table).to.be.at.least(before.get(table) ?? 0);
        for (const statement of dataOf[name] ?? []) await sql.raw(statement).execute(db);
        for (const table of tablesOf(dataOf[name] ?? [])) filled.add(table);
      });
    }

    it('leave the money of all versions where it was, to the last digit', async () => {
      const { rows } = await sql<{ sum: string }>`
        select sum(amount)::text as sum from transfer where debit_account = 'float'`.execute(opened.db);
      expect(rows[0]?.sum).to.equal(`${5000n + 9_007_199_254_740_993n}`);
    });

    it('kept each transfer, with its line, its accounts and their parties', async () => {
      const { rows } = await sql<{ line: string }>`
        select concat_ws(' ', owner, event_id, line, kind, booked_at, debit_account, debit_party, credit_account, credit_party,
                         unit, amount) as line
          from transfer order by 1`.execute(opened.db);
      expect(rows.map(({ line }) => line)).to.deep.equal([
        'c1 load-funded/1 0 load-funded 1 float  loadsInFlight c1 978 5000',
        'c1 record-booked/1 0 record-booked 2 loadsInFlight c1 cards c1/0 978 5000',
        'c1 record-booked/1 1 record-booked 2 loyalty  cards c1/2 999 7',
        'c2 load-funded/1 0 load-funded 3 float  loadsInFlight c2 978 9007199254740993',
      ]);
      expect(await tableOf(opened.db, 'transfer')).to.equal('v');
    });

    it('kept each claim, with its settlement, and what takes one back', async () => {
      const { rows } = await sql<{ line: string }>`
        select concat_ws(' ', card_id, nt, kind, merchant, unit, amount, terminal_id, tn, accepted_at,
                         coalesce(settlement::text, 'open')) as line
          from claim order by 1`.execute(opened.db);
      expect(rows.map(({ line }) => line)).to.deep.equal([
        'c1 2 sale m1 978 100 t1 1 2 open',
        'c2 1 reversal m1 978 250 t1 7 5 open',
        'c2 1 sale m1 978 250 t1 7 2 1',
      ]);
      expect(await tableOf(opened.db, 'claim')).to.equal('v');
    });

    it('kept each shadow balance, and where the records of each card end', async () => {
      const { rows } = await sql<{ line: string }>`
        select concat_ws(' ', s.card_id, s.slot, s.unit, s.balance, h.nt, encode(h.running_hash, 'hex')) as line
          from card_slot s join ledger_head h on h.owner = s.card_id order by 1`.execute(opened.db);
      const hash = 'ab'.repeat(32);
      expect(rows.map(({ line }) => line)).to.deep.equal([
        `c1 0 978 5000 1 ${hash}`,
        `c2 0 978 0 1 ${hash}`,
        `c4 0 978 7 0 ${hash}`,
        `c4 1 999 9007199254740993 0 ${hash}`,
      ]);
      expect(await tableOf(opened.db, 'card_slot')).to.equal('v');
    });

    it('marked the second record under one random number, and let the first one be', async () => {
      const { rows } = await sql<{ nt: bigint }>`select nt from record where repeats order by nt`.execute(opened.db);
      expect(rows).to.deep.equal([{ nt: 4n }]);
    });

    it('made links of the events that were there before the chains', async () => {
      const { rows } = await sql<{ link: string }>`
        select owner || '/' || seq || '/' || id as link from ledger_event order by owner, seq`.execute(opened.db);
      expect(rows.map(({ link }) => link)).to.deep.equal([
        'c1/1/load-funded/1',
        'c1/2/record-booked/1',
        'c2/1/load-funded/1',
        'c3/1/card-retired',
      ]);
      const { rows: heads } = await sql<{ owner: string }>`
        select h.owner from ledger_head h join ledger_event e on e.owner = h.owner and e.seq = h.seq and e.hash = h.hash
         order by 1`.execute(opened.db);
      expect(heads.map(({ owner }) => owner)).to.deep.equal(['c1', 'c2']);
    });

    it('counted the entries of the batches that were there, and find an S3 by its random number', async () => {
      const { rows: batches } = await sql<{ entries: number }>`select entries from batch`.execute(opened.db);
      expect(batches).to.deep.equal([{ entries: 1 }]);
      const { rows } = await sql<{ nt: bigint }>`
        select nt from record where card_id = 'c1' and substring(s3 from 5 for get_byte(s3, 3)) = '\\x05' order by nt`.execute(
        opened.db,
      );
      expect(rows).to.deep.equal([{ nt: 3n }, { nt: 4n }]);
    });

    it('are done then, and a further start changes nothing', async () => {
      await migrate(opened.db);
      expect(await schemaState(opened.db)).to.deep.equal({ done: names, missing: [], unknown: [] });
    });

    it('refuse a database of a newer version by name, and change nothing', async () => {
      await sql`insert into kysely_migration (name, timestamp) values ('999-later', 'x')`.execute(opened.db);
      let error: unknown;
      await migrate(opened.db).catch((caught: unknown) => (error = caught));
      expect((error as LedgerError).code).to.equal('unreachable');
      expect((error as LedgerError).message).to.match(
        /newer version of this program \(999-later\); nothing was changed/,
      );
    });
  });
}

describe('Migrations', function () {
  this.timeout(120_000);

  it('have numbers without a gap, a name each, and no way back', () => {
    for (const [i, name] of names.entries()) {
      expect(name).to.match(new RegExp(`^${String(i + 1).padStart(3, '0')}-[a-z-]+$`));
      expect(migrations[name]).to.not.have.property('down');
    }
  });

  it('are not edited once they are released', () => {
    const released = JSON.parse(
      readFileSync(join(projectRoot, 'test', 'issuer', 'migrations', 'released.json'), 'utf8'),
    ) as Record<string, string>;
    const listed = Object.keys(released);
    expect(listed).to.deep.equal(names.slice(0, listed.length));
    for (const [name, digest] of Object.entries(released)) {
      const text = readFileSync(join(projectRoot, 'host', 'issuer', 'store', 'migrations', `${name}.ts`));
      expect(createHash('sha256').update(text).digest('hex'), name).to.equal(digest);
    }
  });

  it('run once where several processes start at once on an empty database', async function () {
    needsPostgresql(this);
    const url = await (await sharedPostgres()).createDatabase();
    const child = fileURLToPath(new URL('./migrate-child.js', import.meta.url));
    const start = promisify(execFile);
    await Promise.all([1, 2, 3, 4].map(() => start(process.execPath, [child, url])));
    const { store, close } = serverDatabase(url);
    expect((await schemaState(store.db)).done).to.deep.equal(names);
    await close();
  });
});
