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
import type { Db } from '../../store/database.js';
import { moneyTerms } from '../../store/equation.js';
import type { EquationView, TodayView } from '../views/today.js';
import { alarms } from './alarms.js';

/** Days of the chart, today included. */
const shownDays = 14;

/** What is added up over the whole of the books: it takes longer the larger they are. */
export interface Figures {
  /** When they were added up, seconds. */
  readonly at: number;
  readonly equations: readonly EquationView[];
  readonly cards: TodayView['cards'];
  readonly payments: TodayView['payments'];
  readonly loads: TodayView['loads'];
  readonly days: TodayView['days'];
}

/** As of one moment, however long it takes: no time-out of requests is over it. */
export function addUp({ store, scheme, clock }: Issuer): Promise<Figures> {
  const at = clock();
  const since = midnightBefore(at);
  return store.snapshot(async (tx) => ({
    at,
    equations: (await moneyTerms(tx, scheme.units)).map(equationView),
    cards: await cardsByState(tx),
    ...(await payments(tx, since)),
    loads: movementOf(await movements(tx, 'load', since)),
  }));
}

/** @param figures as they were added up, now or a while ago; the rest is of this moment */
export async function today(issuer: Issuer, figures: Figures): Promise<TodayView> {
  const { db } = issuer.store;
  const { at: figuresAt, equations, ...sums } = figures;
  const at = issuer.clock();
  const since = midnightBefore(at);
  return {
    at,
    figuresAt,
    since,
    equations: [...equations],
    ...sums,
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
    batches: await countOf(
      db
        .selectFrom('batch')
        .where('accepted_at', '>=', BigInt(since))
        .select(({ fn }) => fn.countAll<bigint>().as('count')),
    ),
    alarms: await alarms(issuer, equations),
  };
}

function midnightBefore(at: number): number {
  return at - (at % day);
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

interface Movement {
  /** Days since 1970. */
  readonly number: number;
  readonly unit: number;
  readonly count: number;
  readonly sum: bigint;
}

/** Records of a kind that have reached the issuer since then, by day and unit. */
async function movements(db: Db, kind: 'purchase' | 'load', since: number): Promise<Movement[]> {
  const rows = await db
    .selectFrom('record')
    .select(({ fn }) => [
      sql<bigint>`seen_at / ${day}::bigint`.as('number'),
      'unit',
      fn.countAll<bigint>().as('count'),
      sql<bigint>`sum(amount)::bigint`.as('sum'),
    ])
    .where('kind', '=', kind)
    .where('seen_at', '>=', BigInt(since))
    .groupBy(['number', 'unit'])
    .orderBy('unit')
    .execute();
  return rows.map(({ number, unit, count, sum }) => ({
    number: Number(number),
    unit,
    count: Number(count),
    sum: BigInt(sum),
  }));
}

function movementOf(rows: readonly Movement[]): TodayView['payments'] {
  return {
    count: rows.reduce((total, { count }) => total + count, 0),
    sums: rows.map(({ unit, sum }) => moneyToJson({ amount: sum, unit: unitByCode(unit) })),
  };
}

async function payments(db: Db, since: number): Promise<Pick<Figures, 'payments' | 'days'>> {
  const first = since - (shownDays - 1) * day;
  const rows = await movements(db, 'purchase', first);
  const counts = new Map<number, number>();
  for (const { number, count } of rows) counts.set(number, (counts.get(number) ?? 0) + count);
  return {
    payments: movementOf(rows.filter(({ number }) => number >= since / day)),
    days: Array.from({ length: shownDays }, (_, index) => {
      const start = first + index * day;
      return { day: start, payments: counts.get(start / day) ?? 0 };
    }),
  };
}

async function countOf(query: { executeTakeFirstOrThrow(): Promise<{ count: bigint }> }): Promise<number> {
  return Number((await query.executeTakeFirstOrThrow()).count);
}
