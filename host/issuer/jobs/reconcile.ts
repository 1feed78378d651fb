/** Do the books agree with themselves and with the cards' own signatures? Looks only; nothing is changed. */
import { sql } from 'kysely';
import { formatMoney, money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import type { AccountName } from '../domain/accounts.js';
import type { MoneyEquation } from '../domain/money-equation.js';
import type { Issuer } from '../service/context.js';
import { partyBalances } from '../store/ledger.js';
import { moneyEquations } from '../store/equation.js';

/** Records of a card that wait for an earlier one. */
export interface Gap {
  readonly cardId: string;
  /** Up to here everything is known. */
  readonly nt: number;
  readonly waiting: number;
  /** Seconds since the oldest of them came. */
  readonly age: number;
}

export interface Reconciliation {
  /** M1, one per unit. */
  readonly equations: readonly MoneyEquation[];
  /** Sum over all accounts: zero. */
  readonly ledgerSum: bigint;
  /** One sentence for each place where two books differ; none when all is well. */
  readonly differences: readonly string[];
  readonly gaps: readonly Gap[];
  readonly findings: readonly ReportedFinding[];
  readonly holds: boolean;
}

export interface ReportedFinding {
  readonly kind: string;
  readonly party: string;
  readonly subject: string;
  readonly detail: string;
  readonly foundAt: number;
}

export async function reconcile(issuer: Issuer): Promise<Reconciliation> {
  const { db } = issuer.store;
  const equations = await moneyEquations(db, issuer.scheme.units);
  const differences = [...(await shadowDifferences(issuer)), ...(await merchantDifferences(issuer))];
  const { rows } = await sql<{ sum: bigint | null }>`
    select sum(amount)::bigint as sum from (
      select amount from transfer where debit_account is not null
      union all select -amount from transfer where credit_account is not null
    ) as entry`.execute(db);
  const ledgerSum = rows[0]?.sum ?? 0n;
  return {
    equations,
    ledgerSum,
    differences,
    gaps: await gaps(issuer),
    findings: await findings(issuer),
    holds: ledgerSum === 0n && differences.length === 0 && equations.every(({ holds }) => holds),
  };
}

/** The balance kept for each slot against the transfers that made it. */
async function shadowDifferences({ store }: Issuer): Promise<string[]> {
  const booked = new Map<string, bigint>();
  for (const account of ['cards', 'closingsUnpaid'] as const) {
    for (const { party, money: held } of await partyBalances(store.db, account))
      booked.set(party, (booked.get(party) ?? 0n) + held.amount);
  }
  const slots = await store.db.selectFrom('card_slot').select(['card_id', 'slot', 'unit', 'balance']).execute();
  return slots.flatMap(({ card_id, slot, unit, balance }) => {
    const inTransfers = booked.get(`${card_id}/${slot}`) ?? 0n;
    return difference(`Card ${card_id}, slot ${slot}`, 'shadow', balance, inTransfers, unit);
  });
}

/** What merchants are owed by their claims against what the transfers say. */
async function merchantDifferences({ store }: Issuer): Promise<string[]> {
  const { rows } = await sql<{ merchant: string; unit: number; owed: bigint }>`
    select merchant, unit, sum(amount)::bigint as owed from (
      select merchant, unit, case when kind = 'sale' then amount else -amount end as amount from claim where settlement is null
      union all
      select merchant, unit, amount from merchant_adjustment where settlement is null
    ) as entry group by merchant, unit`.execute(store.db);
  const account: AccountName = 'merchantsPayable';
  const booked = await partyBalances(store.db, account);
  const keys = new Set([...rows.map(keyOf), ...booked.map(({ party, money: { unit } }) => `${party} ${unit.code}`)]);
  return [...keys].flatMap((key) => {
    const [merchant = '', unit = '0'] = key.split(' ');
    const owed = rows.find((row) => keyOf(row) === key)?.owed ?? 0n;
    const inTransfers =
      booked.find(({ party, money: held }) => `${party} ${held.unit.code}` === key)?.money.amount ?? 0n;
    return difference(`Merchant ${merchant}`, 'claims', owed, inTransfers, Number(unit));
  });
}

function keyOf({ merchant, unit }: { merchant: string; unit: number }): string {
  return `${merchant} ${unit}`;
}

function difference(who: string, what: string, a: bigint, inTransfers: bigint, code: number): string[] {
  if (a === inTransfers) return [];
  const unit = unitByCode(code);
  return [`${who}: ${what} ${formatMoney(money(a, unit))}, transfers ${formatMoney(money(inTransfers, unit))}.`];
}

async function gaps({ store, clock }: Issuer): Promise<Gap[]> {
  const rows = await store.db
    .selectFrom('record')
    .innerJoin('card', 'card.card_id', 'record.card_id')
    .select(({ fn }) => [
      'record.card_id',
      'card.nt',
      fn.countAll<bigint>().as('waiting'),
      fn.min('record.seen_at').as('oldest'),
    ])
    .where('record.placement', '=', 'waiting')
    .groupBy(['record.card_id', 'card.nt'])
    .orderBy('record.card_id')
    .execute();
  return rows.map(({ card_id, nt, waiting, oldest }) => ({
    cardId: card_id,
    nt: Number(nt),
    waiting: Number(waiting),
    age: clock() - Number(oldest),
  }));
}

async function findings({ store }: Issuer): Promise<ReportedFinding[]> {
  const rows = await store.db.selectFrom('finding').selectAll().orderBy('found_at').orderBy('party').execute();
  return rows.map(({ found_at, ...finding }) => ({ ...finding, foundAt: Number(found_at) }));
}
