/** The balance kept for each slot of a page of cards against the transfers that made it. */
import { sql } from 'kysely';
import { formatMoney, money } from '../../protocol/codec/money.js';
import type { Db } from '../store/database.js';
import { boundsOf } from './pages.js';
import type { CardPage } from './pages.js';

export async function shadowDifferences(db: Db, page: CardPage): Promise<string[]> {
  const booked = await bookedBalances(db, page);
  return [...page.values()].flatMap(({ cardId, units, balances }) =>
    units.flatMap((unit, slot) => {
      const kept = balances[slot] ?? 0n;
      const inTransfers = booked.get(`${cardId}/${slot} ${unit.code}`) ?? 0n;
      if (kept === inTransfers) return [];
      const [a, b] = [formatMoney(money(kept, unit)), formatMoney(money(inTransfers, unit))];
      return [`Card ${cardId}, slot ${slot}: shadow ${a}, transfers ${b}.`];
    }),
  );
}

/** Bounds have the shape of what they bound, so that every collation orders them alike. */
async function bookedBalances(db: Db, page: CardPage): Promise<Map<string, bigint>> {
  const { first, last } = boundsOf(page);
  const [from, to] = [`${first}/0`, `${last}/9`];
  const units = [...new Set([...page.values()].flatMap((card) => card.units.map(({ code }) => code)))];
  const { rows } = await sql<{ party: string; unit: number; balance: bigint }>`
    select party, unit, sum(amount)::bigint as balance from (
      select debit_party as party, unit, -amount as amount from transfer
       where debit_account in ('cards', 'closingsUnpaid') and unit = any(${units}) and debit_party between ${from} and ${to}
      union all
      select credit_party, unit, amount from transfer
       where credit_account in ('cards', 'closingsUnpaid') and unit = any(${units}) and credit_party between ${from} and ${to}
    ) as entry group by party, unit`.execute(db);
  return new Map(rows.map(({ party, unit, balance }) => [`${party} ${unit}`, balance]));
}
