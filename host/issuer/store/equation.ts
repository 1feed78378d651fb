/** Gathers both sides of M1: the left from the operational tables, the right from the transfers. */
import { sql } from 'kysely';
import type { Unit } from '../../protocol/codec/money.js';
import { moneyEquation } from '../domain/money-equation.js';
import type { MoneyEquation, MoneyTerms } from '../domain/money-equation.js';
import type { Db } from './database.js';

interface Row {
  readonly term: keyof Omit<MoneyTerms, 'unit'>;
  readonly unit: number;
  readonly amount: bigint;
}

/** M1 as the issuer can know it, for each unit. */
export async function moneyEquations(db: Db, units: readonly Unit[]): Promise<MoneyEquation[]> {
  return (await moneyTerms(db, units)).map(moneyEquation);
}

/** The terms of M1, for each unit. One statement, so that it sees one moment. */
export async function moneyTerms(db: Db, units: readonly Unit[]): Promise<MoneyTerms[]> {
  const { rows } = await sql<Row>`
    select term, unit, sum(amount)::bigint as amount from (
      select 'cards' as term, s.unit, s.balance as amount
        from card_slot s join card c using (card_id) where c.state in ('issued', 'active', 'lost')
      union all
      select 'payouts', s.unit, s.balance from card_slot s join card c using (card_id) where c.state in ('retired', 'closed')
      union all
      select 'waiting', unit, case when kind in ('load', 'cancel') then amount else -amount end
        from record where placement = 'waiting'
      union all
      select 'waiting', points_unit, case when kind = 'purchase' then points else -points end
        from record where placement = 'waiting' and points > 0
      union all
      select 'purchases', unit, case when kind = 'purchase' then amount else -amount end from record where clearing = 'open'
      union all
      select 'purchases', unit, case when kind = 'sale' then amount else -amount end from claim where settlement is null
      union all
      select 'purchases', unit, amount from merchant_adjustment where settlement is null
      union all
      select 'loads', unit, amount from load
        where kind = 'load' and (funding = 'returning' or (funding = 'taken' and state = 'authorised'))
      union all
      select 'payouts', unit, amount from payout where paid_at is null
      union all
      select 'payouts', unit, amount from payment where state in ('ordered', 'sent')
      union all
      select 'fees', unit, fee from settlement_line where fee > 0
      union all
      select debit_account, unit, amount from transfer where debit_account in ('float', 'fraud', 'loyalty')
      union all
      select credit_account, unit, -amount from transfer where credit_account in ('float', 'fraud', 'loyalty')
    ) as entry group by term, unit`.execute(db);
  return units.map((unit) => {
    const of = (term: Row['term']): bigint =>
      rows.find((row) => row.term === term && row.unit === unit.code)?.amount ?? 0n;
    return {
      unit,
      cards: of('cards'),
      waiting: of('waiting'),
      purchases: of('purchases'),
      loads: of('loads'),
      payouts: of('payouts'),
      fees: of('fees'),
      float: of('float'),
      fraud: of('fraud'),
      loyalty: of('loyalty'),
    };
  });
}
