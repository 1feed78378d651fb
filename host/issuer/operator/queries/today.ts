/** The first page: where the money is, what happened today, and what somebody should look at. */
import { sql } from 'kysely';
import { moneyToJson } from '../../../protocol/codec/money.js';
import type { MoneyJson } from '../../../protocol/codec/money.js';
import { day } from '../../../protocol/codec/time.js';
import { unitByCode } from '../../../protocol/codec/units.js';
import { moneyEquation } from '../../domain/money-equation.js';
import type { MoneyTerms } from '../../domain/money-equation.js';
import { cardsByState } from '../../jobs/report.js';
import type { Issuer } from '../../service/context.js';
import { moneyTerms } from '../../store/equation.js';
import type { EquationView, TodayView } from '../views/today.js';
import { alarms } from './alarms.js';

/** Days of the chart, today included. */
const shownDays = 14;

export async function today(issuer: Issuer): Promise<TodayView> {
  const at = issuer.clock();
  const since = at - (at % day);
  const { db } = issuer.store;
  const equations = (await moneyTerms(db, issuer.scheme.units)).map(equationView);
  return {
    at,
    since,
    equations,
    cards: await cardsByState(issuer),
    listed: await countOf(
      db
        .selectFrom('listing')
        .where('released_at', 'is', null)
        .select(({ fn }) => fn.count<bigint>('card_id').distinct().as('count')),
    ),
    openCases: await countOf(
      db
        .selectFrom('case_file')
        .where('status', '=', 'open')
        .select(({ fn }) => fn.countAll<bigint>().as('count')),
    ),
    payments: await movements(issuer, 'purchase', since),
    loads: await movements(issuer, 'load', since),
    batches: await countOf(
      db
        .selectFrom('batch')
        .where('accepted_at', '>=', BigInt(since))
        .select(({ fn }) => fn.countAll<bigint>().as('count')),
    ),
    days: await paymentsByDay(issuer, since),
    alarms: await alarms(issuer, equations),
  };
}

export function equationView(terms: MoneyTerms): EquationView {
  const { unit } = terms;
  const json = (amount: bigint): MoneyJson => moneyToJson({ amount, unit });
  const { owed, held, difference, holds } = moneyEquation(terms);
  return {
    unit: unit.name,
    terms: {
      cards: json(terms.cards),
      waiting: json(terms.waiting),
      purchases: json(terms.purchases),
      loads: json(terms.loads),
      payouts: json(terms.payouts),
      fees: json(terms.fees),
      float: json(terms.float),
      fraud: json(terms.fraud),
      loyalty: json(terms.loyalty),
    },
    owed: json(owed),
    held: json(held),
    difference: json(difference),
    holds,
  };
}

/** Records of a kind that reached the issuer since then. */
async function movements(
  { store }: Issuer,
  kind: 'purchase' | 'load',
  since: number,
): Promise<{ count: number; sums: MoneyJson[] }> {
  const rows = await store.db
    .selectFrom('record')
    .select(({ fn }) => ['unit', fn.countAll<bigint>().as('count'), sql<bigint>`sum(amount)::bigint`.as('sum')])
    .where('kind', '=', kind)
    .where('seen_at', '>=', BigInt(since))
    .groupBy('unit')
    .orderBy('unit')
    .execute();
  return {
    count: rows.reduce((total, { count }) => total + Number(count), 0),
    sums: rows.map(({ unit, sum }) => moneyToJson({ amount: BigInt(sum), unit: unitByCode(unit) })),
  };
}

async function paymentsByDay({ store }: Issuer, since: number): Promise<TodayView['days']> {
  const first = since - (shownDays - 1) * day;
  const rows = await store.db
    .selectFrom('record')
    .select(({ fn }) => [sql<bigint>`seen_at / ${day}::bigint`.as('number'), fn.countAll<bigint>().as('count')])
    .where('kind', '=', 'purchase')
    .where('seen_at', '>=', BigInt(first))
    .groupBy('number')
    .execute();
  const counts = new Map(rows.map(({ number, count }) => [Number(number), Number(count)]));
  return Array.from({ length: shownDays }, (_, index) => {
    const start = first + index * day;
    return { day: start, payments: counts.get(start / day) ?? 0 };
  });
}

async function countOf(query: { executeTakeFirstOrThrow(): Promise<{ count: bigint }> }): Promise<number> {
  return Number((await query.executeTakeFirstOrThrow()).count);
}
