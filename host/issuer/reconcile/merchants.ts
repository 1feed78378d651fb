/** What merchants are owed by their claims against what the transfers say, and who owes for too long. Grouped by the database. */
import { sql } from 'kysely';
import { formatMoney, money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import type { Finding } from '../domain/findings.js';
import type { Issuer } from '../service/context.js';
import type { Db } from '../store/database.js';

const most = 1000;

export async function merchantDifferences(db: Db): Promise<string[]> {
  const { rows } = await sql<{ merchant: string; unit: number; owed: bigint; booked: bigint }>`
    select merchant, unit, sum(owed)::bigint as owed, sum(booked)::bigint as booked from (
      select merchant, unit, case when kind = 'sale' then amount else -amount end as owed, 0 as booked
        from claim where settlement is null
      union all
      select merchant, unit, amount, 0 from merchant_adjustment where settlement is null
      union all
      select credit_party, unit, 0, amount from transfer where credit_account = 'merchantsPayable'
      union all
      select debit_party, unit, 0, -amount from transfer where debit_account = 'merchantsPayable'
    ) as entry group by merchant, unit having sum(owed) <> sum(booked)
     order by merchant, unit limit ${most}`.execute(db);
  return rows.map(({ merchant, unit, owed, booked }) => {
    const [a, b] = [owed, booked].map((amount) => formatMoney(money(amount, unitByCode(unit))));
    return `Merchant ${merchant}: claims ${a ?? ''}, transfers ${b ?? ''}.`;
  });
}

/** Commission by the settlements' lines against commission by the transfers. */
export async function feeDifferences(db: Db): Promise<string[]> {
  const { rows } = await sql<{ merchant: string; unit: number; charged: bigint; booked: bigint }>`
    select merchant, unit, sum(charged)::bigint as charged, sum(booked)::bigint as booked from (
      select merchant, unit, fee as charged, 0 as booked from settlement_line where fee > 0
      union all
      select owner, unit, 0, amount from transfer where credit_account = 'fees'
      union all
      select owner, unit, 0, -amount from transfer where debit_account = 'fees'
    ) as entry group by merchant, unit having sum(charged) <> sum(booked)
     order by merchant, unit limit ${most}`.execute(db);
  return rows.map(({ merchant, unit, charged, booked }) => {
    const [a, b] = [charged, booked].map((amount) => formatMoney(money(amount, unitByCode(unit))));
    return `Merchant ${merchant}: commission by settlements ${a ?? ''}, by transfers ${b ?? ''}.`;
  });
}

/** Gave back more than they sold, and have sold nothing since to set it against. */
export async function merchantsInDebt(db: Db, { clock, policy }: Issuer): Promise<Finding[]> {
  const before = BigInt(clock() - policy.presentationWindow);
  const { rows } = await sql<{ merchant: string; unit: number; owed: bigint }>`
    select merchant, unit, sum(amount)::bigint as owed from (
      select merchant, unit, accepted_at as at, case when kind = 'sale' then amount else -amount end as amount
        from claim where settlement is null
      union all
      select merchant, unit, made_at, amount from merchant_adjustment where settlement is null
    ) as entry group by merchant, unit having sum(amount) < 0 and max(at) < ${before}
     order by merchant, unit limit ${most}`.execute(db);
  return rows.map(({ merchant, unit, owed }) => {
    const of = unitByCode(unit);
    const detail = `Owes ${formatMoney(money(-owed, of))}, and has claimed nothing for longer than the presentation window.`;
    return { kind: 'merchant-in-debt', party: merchant, subject: of.name, detail };
  });
}

/**
 * Wash sales: one holder's cards earn points again and again at one terminal within a day. No trade looks like that; money that
 * goes round between a holder and a merchant does.
 */
export async function washSales(db: Db, { policy }: Issuer): Promise<Finding[]> {
  const { sales, points } = policy.washSales;
  const { rows } = await sql<{ terminal_id: string; holder_id: string; day: bigint; sales: bigint; points: bigint }>`
    select r.terminal_id, c.holder_id, r.time / 86400 as day, count(*) as sales, sum(r.points)::bigint as points
      from record r join card c on c.card_id = r.card_id
     where r.kind = 'purchase' and r.points > 0 and r.clearing in ('open', 'claimed')
     group by r.terminal_id, c.holder_id, r.time / 86400
    having count(*) >= ${sales} and sum(r.points) >= ${points}
     order by r.terminal_id, day limit ${most}`.execute(db);
  return rows.map(({ terminal_id, holder_id, day, sales: count, points: earned }) => {
    const date = new Date(Number(day) * 86_400_000).toISOString().slice(0, 10);
    const detail = `${count} sales to holder ${holder_id} on ${date} earned ${earned} points.`;
    return { kind: 'wash-sale', party: terminal_id, subject: `${holder_id}/${date}`, detail };
  });
}
