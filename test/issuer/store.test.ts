import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { sql } from 'kysely';
import type { LedgerEvent } from '../../host/issuer/domain/events.js';
import { LedgerError } from '../../host/issuer/errors.js';
import type { Store } from '../../host/issuer/store/database.js';
import { migrate } from '../../host/issuer/store/database.js';
import { openEmbeddedStore } from '../../host/issuer/store/embedded.js';
import { accountBalances, post } from '../../host/issuer/store/ledger.js';
import { migrations } from '../../host/issuer/store/migrations/index.js';
import { euro } from '../helpers/scheme.js';
import { sharedIssuer } from './each-database.js';

const funded = (cardId: string, amount: bigint): LedgerEvent => {
  return { kind: 'load-funded', cardId, counter: 1, money: { amount, unit: euro }, from: 'bank' };
};

async function refusedBy(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

describe('The ledger', () => {
  let store: Store;
  const rows = async (): Promise<bigint> => {
    const { count } = await store.db
      .selectFrom('transfer')
      .select(({ fn }) => fn.countAll<bigint>().as('count'))
      .executeTakeFirstOrThrow();
    return BigInt(count);
  };

  before(async () => {
    store = (await sharedIssuer()).issuer.store;
    await store.transaction((tx) => post(tx, [funded('a000000000000001', 500n)], 1));
  });

  // the books of the other suites must agree: what was posted here is taken out again
  after(() =>
    store.transaction((tx) =>
      post(
        tx,
        [
          {
            kind: 'load-given-up',
            cardId: 'a000000000000001',
            counter: 1,
            money: { amount: 500n, unit: euro },
            from: 'bank',
          },
          { kind: 'funding-returned', cardId: 'a000000000000001', counter: 1, money: { amount: 500n, unit: euro } },
        ],
        2,
      ),
    ),
  );

  it('books an event once, however often it comes', async () => {
    const before = await rows();
    expect(await store.transaction((tx) => post(tx, [funded('a000000000000001', 500n)], 99))).to.equal(0);
    expect(await rows()).to.equal(before);
  });

  it('refuses the same event with other content, by name', async () => {
    const before = await rows();
    let error: unknown;
    await store
      .transaction((tx) => post(tx, [funded('a000000000000001', 501n)], 1))
      .catch((caught: unknown) => (error = caught));
    expect(error).to.be.instanceOf(LedgerError);
    expect((error as LedgerError).code).to.equal('conflict');
    expect((error as LedgerError).message).to.match(/load-funded\/1 of a000000000000001/);
    expect(await rows()).to.equal(before);
  });

  it('leaves nothing of a transaction that fails half-way', async () => {
    const before = await rows();
    const failing = store.transaction(async (tx) => {
      await post(tx, [funded('a000000000000002', 700n)], 1);
      await post(tx, [funded('a000000000000001', 1n)], 1);
    });
    expect(await refusedBy(failing)).to.match(/other content/);
    expect(await rows()).to.equal(before);
  });

  const forbidden: readonly [string, string, RegExp][] = [
    ['changing a transfer', `update transfer set amount = amount + 1`, /append-only/],
    ['deleting a transfer', `delete from transfer`, /append-only/],
    ['emptying the ledger', `truncate transfer cascade`, /append-only/],
    ['changing an event', `update ledger_event set kind = 'x'`, /append-only/],
    ['deleting an event', `delete from ledger_event`, /append-only|foreign key/],
    [
      'a transfer of nothing',
      `insert into transfer select owner, event_id, 9, debit_account, debit_party, credit_account, credit_party, unit, 0 from transfer limit 1`,
      /transfer_amount_check/,
    ],
    [
      'a transfer below zero',
      `insert into transfer select owner, event_id, 9, debit_account, debit_party, credit_account, credit_party, unit, -5 from transfer limit 1`,
      /transfer_amount_check/,
    ],
    [
      'a transfer to the same account',
      `insert into transfer select owner, event_id, 9, debit_account, debit_party, debit_account, debit_party, unit, 5 from transfer limit 1`,
      /transfer_check/,
    ],
    [
      'a transfer of no event',
      `insert into transfer values ('zz', 'zz', 0, 'float', '', 'fraud', '', 978, 5)`,
      /transfer of no event/,
    ],
    [
      'a shadow balance below zero',
      `insert into card_slot select card_id, 9, 978, -1 from card limit 1`,
      /card_slot_balance_check/,
    ],
    [
      'an authorised load without its authorisation',
      `update load set state = 'authorised', authorisation = null where authorisation is not null`,
      /load_check/,
    ],
  ];
  for (const [what, statement, refusal] of forbidden) {
    it(`[M1] the database itself refuses ${what}`, async () => {
      const card = await (await sharedIssuer()).card();
      await (await sharedIssuer()).load(card, 0, 1_00);
      expect(await refusedBy(sql.raw(statement).execute(store.db))).to.match(refusal);
    });
  }

  it('keeps 64-bit amounts exact', async () => {
    const amount = 9_007_199_254_740_993n;
    const of = async (): Promise<bigint> =>
      (await accountBalances(store.db)).find(({ account, money }) => account === 'float' && money.unit.name === 'EUR')
        ?.money.amount ?? 0n;
    const before = await of();
    let inside = 0n;
    const undone = store.transaction(async (tx) => {
      await post(tx, [funded('a000000000000003', amount)], 1);
      inside =
        (await accountBalances(tx)).find(({ account, money }) => account === 'float' && money.unit.name === 'EUR')
          ?.money.amount ?? 0n;
      throw new Error('undo');
    });
    expect(await refusedBy(undone)).to.equal('undo');
    expect(inside - before).to.equal(amount);
  });

  it('spreads: every unique key of a table about cards names the card', async () => {
    const { rows: keys } = await sql<{ table_name: string; columns: string[] }>`
      select t.relname as table_name, array_agg(a.attname::text) as columns
        from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
        join pg_attribute a on a.attrelid = t.oid and a.attnum = any(i.indkey)
       where i.indisunique and n.nspname = 'public' group by t.relname, i.indexrelid`.execute(store.db);
    const { rows: ofCards } = await sql<{ table_name: string }>`
      select table_name from information_schema.columns where table_schema = 'public' and column_name = 'card_id'`.execute(
      store.db,
    );
    const tables = new Set(ofCards.map(({ table_name }) => table_name));
    tables.delete('batch_entry'); // about terminals; spreads by terminal
    const wrong = keys.filter(({ table_name, columns }) => tables.has(table_name) && !columns.includes('card_id'));
    expect(tables.size).to.be.above(8);
    expect(wrong).to.deep.equal([]);
  });
});

describe('The embedded store', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'epurse-store-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps what was booked, and is locked while it is open', async () => {
    const first = await openEmbeddedStore(folder);
    await first.transaction((tx) => post(tx, [funded('a000000000000001', 500n)], 1));
    let error: unknown;
    await openEmbeddedStore(folder).catch((caught: unknown) => (error = caught));
    expect((error as LedgerError).code).to.equal('busy');
    expect((error as LedgerError).message).to.include(`process ${process.pid}`);
    await first.close();
    const again = await openEmbeddedStore(folder);
    expect((await accountBalances(again.db)).find(({ account }) => account === 'float')?.money.amount).to.equal(500n);
    await again.close();
  });

  it('takes over the lock of a process that died', async () => {
    writeFileSync(join(folder, 'ledger.lock'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
    await (await openEmbeddedStore(folder)).close();
  });

  it('knows every migration by number and name, and runs none twice', async () => {
    const names = Object.keys(migrations);
    expect(names).to.deep.equal([...names].sort());
    for (const name of names) expect(name).to.match(/^\d{3}-[a-z-]+$/);
    expect(new Set(names.map((name) => name.slice(0, 3))).size).to.equal(names.length);
    const store = await openEmbeddedStore(folder);
    await migrate(store.db);
    const { rows: done } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
      store.db,
    );
    expect(done.map(({ name }) => name)).to.deep.equal(names);
    await store.close();
  });
});
