/** Where the money is: accounts, cards by state, merchants' claims, settlements. */
import { sql } from 'kysely';
import { money } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
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
    cards: await cardsByState(issuer),
    listedCards: await count(issuer, 'listing', 'released_at is null'),
    merchants: owed.map(({ party, money: value }) => ({ merchant: party, owed: value })),
    settlements: lines.map((line) => ({
      number: Number(line.id),
      settledAt: Number(line.settled_at),
      merchant: line.merchant,
      sales: Number(line.sales),
      reversals: Number(line.reversals),
      paid: money(line.sold - line.reversed, unitByCode(line.unit)),
    })),
    findings: await count(issuer, 'finding', 'true'),
  };
}

async function cardsByState({ store }: Issuer): Promise<{ state: CardState; count: number }[]> {
  const rows = await store.db
    .selectFrom('card')
    .select(({ fn }) => ['state', fn.countAll<bigint>().as('count')])
    .groupBy('state')
    .orderBy('state')
    .execute();
  return rows.map(({ state, count: cards }) => ({ state, count: Number(cards) }));
}

/** Distinct parties or cards in a table. */
async function count({ store }: Issuer, table: 'listing' | 'finding', where: string): Promise<number> {
  const column = table === 'listing' ? 'card_id' : 'subject';
  const { rows } = await sql<{ count: bigint }>`
    select count(distinct ${sql.ref(column)})::bigint as count from ${sql.table(table)} where ${sql.raw(where)}`.execute(
    store.db,
  );
  return Number(rows[0]?.count ?? 0n);
}
