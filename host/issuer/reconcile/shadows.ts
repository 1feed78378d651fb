/** The balance kept for each slot of a page of cards against the transfers that made it. */
import { sql } from 'kysely';
import { formatMoney, money } from '../../protocol/codec/money.js';
import type { Db } from '../store/database.js';
import { boundsOf } from './pages.js';
import type { CardPage } from './pages.js';

const most = 1000;

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

/**
 * A card owns the transfers of its own accounts, except where a lost card's balance funds the card after it. Bounds have the
 * shape of what they bound, so that every collation orders them alike.
 */
async function bookedBalances(db: Db, page: CardPage): Promise<Map<string, bigint>> {
  const { first, last } = boundsOf(page);
  const [from, to] = [`${first}/0`, `${last}/9`];
  const { rows } = await sql<{ party: string; unit: number; balance: bigint }>`
    select party, unit, sum(amount)::bigint as balance from (
      select debit_party as party, unit, -amount as amount from transfer
       where owner between ${first} and ${last} and debit_account in ('cards', 'closingsUnpaid')
         and debit_party between ${from} and ${to}
      union all
      select credit_party, unit, amount from transfer
       where owner between ${first} and ${last} and credit_account in ('cards', 'closingsUnpaid')
         and credit_party between ${from} and ${to}
      union all
      select split_part(debits[1], ':', 2), units[1], -amounts[1] from ledger_event
       where kind = 'load-funded' and debits[1] like 'closingsUnpaid:%'
         and debits[1] between ${`closingsUnpaid:${from}`} and ${`closingsUnpaid:${to}`}
         and not (owner between ${first} and ${last})
      union all
      select split_part(credits[1], ':', 2), units[1], amounts[1] from ledger_event
       where kind = 'load-given-up' and credits[1] like 'closingsUnpaid:%'
         and credits[1] between ${`closingsUnpaid:${from}`} and ${`closingsUnpaid:${to}`}
         and not (owner between ${first} and ${last})
    ) as entry group by party, unit`.execute(db);
  return new Map(rows.map(({ party, unit, balance }) => [`${party} ${unit}`, balance]));
}

/** Transfers of a card's balance that the card does not own, which no page of cards would show. Reads all transfers once. */
export async function strayTransfers(db: Db): Promise<string[]> {
  const { rows } = await sql<{ owner: string; event_id: string }>`
    select owner, event_id from transfer
     where (debit_account = 'cards' and split_part(debit_party, '/', 1) <> owner)
        or (credit_account = 'cards' and split_part(credit_party, '/', 1) <> owner)
     limit ${most}`.execute(db);
  return rows.map(({ owner, event_id }) => `Event ${event_id} of ${owner} moves the balance of another card.`);
}
