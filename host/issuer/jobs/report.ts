/** Where the money is: accounts, cards by state, merchants' claims, settlements. */
import { money } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import type { Db } from '../store/database.js';
import { accountBalances, partyBalances } from '../store/ledger.js';
import type { AccountBalance } from '../store/ledger.js';
import type { CardState } from '../store/schema.js';
import type { Issuer } from '../service/context.js';

export interface Report {
  readonly at: number;
  readonly accounts: readonly AccountBalance[];
  readonly cards: readonly { readonly state: CardState; readonly count: number }[];
  readonly listedCards: number;
  readonly merchants: readonly { readonly merchant: string; readonly owed: Money }[];
  readonly settlements: readonly {
    readonly number: number;
    readonly settledAt: number;
    readonly merchant: string;
    readonly sales: number;
    readonly reversals: number;
    readonly fee: Money;
    readonly paid: Money;
  }[];
  readonly findings: number;
}

/** Settlements shown, newest first. */
const shown = 50;

export async function report(issuer: Issuer): Promise<Report> {
  const { db } = issuer.store;
  const owed = await partyBalances(db, 'merchantsPayable');
  const lines = await db
    .selectFrom('settlement_line')
    .innerJoin('settlement', 'settlement.id', 'settlement_line.settlement')
    .selectAll()
    .orderBy('settlement.id', 'desc')
    .orderBy('merchant')
    .limit(shown)
    .execute();
  return {
    at: issuer.clock(),
    accounts: await accountBalances(db),
    cards: await cardsByState(issuer.store.db),
    listedCards: await listedCards(issuer),
    merchants: owed.map(({ party, money: value }) => ({ merchant: party, owed: value })),
    settlements: lines.map((line) => ({
      number: Number(line.id),
      settledAt: Number(line.settled_at),
      merchant: line.merchant,
      sales: Number(line.sales),
      reversals: Number(line.reversals),
      fee: money(line.fee, unitByCode(line.unit)),
      paid: money(line.sold - line.reversed + line.adjusted - line.fee, unitByCode(line.unit)),
    })),
    findings: await findingCount(issuer),
  };
}

/** How many cards are in each state. */
export async function cardsByState(db: Db): Promise<{ state: CardState; count: number }[]> {
  const rows = await db
    .selectFrom('card')
    .select(({ fn }) => ['state', fn.countAll<bigint>().as('count')])
    .groupBy('state')
    .orderBy('state')
    .execute();
  return rows.map(({ state, count }) => ({ state, count: Number(count) }));
}

async function listedCards({ store }: Issuer): Promise<number> {
  const { count } = await store.db
    .selectFrom('listing')
    .select(({ fn }) => fn.count<bigint>('card_id').distinct().as('count'))
    .where('released_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function findingCount({ store }: Issuer): Promise<number> {
  const { count } = await store.db
    .selectFrom('finding')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}
