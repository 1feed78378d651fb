import { expect } from 'chai';
import { sql } from 'kysely';
import type { LedgerEvent } from '../../host/issuer/domain/events.js';
import { LedgerError } from '../../host/issuer/errors.js';
import type { Store } from '../../host/issuer/store/database.js';
import { accountBalances, post } from '../../host/issuer/store/ledger.js';
import { euro } from '../helpers/scheme.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { onEachDatabase } from './each-database.js';

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

onEachDatabase('The ledger', (open) => {
  let site: SoftIssuer;
  let store: Store;
  const rows = async (): Promise<bigint> => {
    const { count } = await store.db
      .selectFrom('transfer')
      .select(({ fn }) => fn.countAll<bigint>().as('count'))
      .executeTakeFirstOrThrow();
    return BigInt(count);
  };

  before(async () => {
    site = await open();
    store = site.issuer.store;
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
      const card = await site.card();
      await site.load(card, 0, 1_00);
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
});
