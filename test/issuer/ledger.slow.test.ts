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

  const event = (id: string, ...[debits, credits, units, amounts]: readonly string[]): string => `
    insert into ledger_event (owner, id, kind, input_hash, booked_at, seq, hash, debits, credits, units, amounts)
    select owner, ${id}, kind, input_hash, booked_at, seq, hash, ${debits}, ${credits}, ${units}, ${amounts} from ledger_event limit 1`;
  const forbidden: readonly [string, string, RegExp][] = [
    ['changing a transfer', `update ledger_event set amounts[1] = amounts[1] + 1`, /append-only/],
    [
      'taking transfers out',
      `update ledger_event set debits = '{}', credits = '{}', units = '{}', amounts = '{}'`,
      /append-only/,
    ],
    ['emptying the ledger', `truncate ledger_event cascade`, /append-only/],
    ['changing an event', `update ledger_event set kind = 'x'`, /append-only/],
    ['deleting an event', `delete from ledger_event`, /append-only|foreign key/],
    ['the same event again', event('id', 'debits', 'credits', 'units', 'amounts'), /ledger_event_pkey/],
    ['a transfer of nothing', event(`'x'`, `'{float}'`, `'{fraud}'`, `'{978}'`, `'{0}'`), /transfers_move_something/],
    ['a transfer below zero', event(`'x'`, `'{float}'`, `'{fraud}'`, `'{978}'`, `'{-5}'`), /transfers_move_something/],
    [
      'a transfer of no amount',
      event(`'x'`, `'{float}'`, `'{fraud}'`, `'{978}'`, `'{null}'`),
      /transfers_move_something/,
    ],
    [
      'a second transfer of nothing',
      event(`'x'`, `'{float,float}'`, `'{fraud,fraud}'`, `'{978,978}'`, `'{5,0}'`),
      /transfers_move_something/,
    ],
    [
      'a transfer to the same account',
      event(`'x'`, `'{cards:c/0}'`, `'{cards:c/0}'`, `'{978}'`, `'{5}'`),
      /transfers_have_two_accounts/,
    ],
    [
      'a third transfer to the same account',
      event(`'x'`, `'{float,float,float}'`, `'{fraud,fees,float}'`, `'{978,978,978}'`, `'{5,5,5}'`),
      /transfers_have_two_accounts/,
    ],
    [
      'a transfer from nowhere',
      event(`'x'`, `'{null}'`, `'{float}'`, `'{978}'`, `'{5}'`),
      /transfers_have_two_accounts/,
    ],
    [
      'a transfer with one side',
      event(`'x'`, `'{}'`, `'{float}'`, `'{978}'`, `'{5}'`),
      /transfers_are_whole|transfers_have_two/,
    ],
    ['a transfer of no unit', event(`'x'`, `'{float}'`, `'{fraud}'`, `'{null}'`, `'{5}'`), /transfers_are_whole/],
    [
      'a transfer that readers would not see',
      event(`'x'`, `'{float}'`, `'{fraud}'`, `'{978}'`, `'[0:0]={5}'`),
      /transfers_are_whole/,
    ],
    [
      'more transfers than readers see',
      event(`'x'`, `'{a,a,a,a}'`, `'{b,b,b,b}'`, `'{1,1,1,1}'`, `'{5,5,5,5}'`),
      /transfers_are_whole/,
    ],
    [
      'a shadow balance below zero',
      `update ledger_head set balances[1] = -1 where balances is not null`,
      /no_balance_below_zero/,
    ],
    [
      'a balance without a unit',
      `update ledger_head set balances = balances || 5::bigint where balances is not null`,
      /a_balance_for_each_unit/,
    ],
    ['half a card', `update ledger_head set nt = null where balances is not null`, /a_card_or_none/],
    [
      'an authorised load without its authorisation',
      `update load set state = 'authorised', authorisation = null where authorisation is not null`,
      /load_check/,
    ],
  ];
  for (const [what, statement, refusal] of forbidden) {
    it(`[M1] the database itself refuses ${what}`, async () => {
      await site.fundedCard(1_00);
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
