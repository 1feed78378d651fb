/**
 * Books events. An event is booked once: the same key with the same content changes nothing, the same key with other content is
 * a conflict. Nothing is ever updated or deleted; the database refuses it.
 */
import { sql } from 'kysely';
import { equalBytes } from '../../protocol/codec/bytes.js';
import type { Money, Unit } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { chart } from '../domain/accounts.js';
import type { AccountName } from '../domain/accounts.js';
import { keyOf } from '../domain/events.js';
import type { LedgerEvent } from '../domain/events.js';
import { transfersFor } from '../domain/transfers.js';
import { LedgerError } from '../errors.js';
import { contentHash } from './canonical.js';
import type { Db, Tx } from './database.js';

/** PostgreSQL takes at most 65535 parameters in a statement; nine go into a transfer. */
const chunk = 1000;

/**
 * @param now seconds
 * @returns how many of the events are news
 * @throws LedgerError conflict
 */
export async function post(tx: Tx, events: readonly LedgerEvent[], now: number): Promise<number> {
  let news = 0;
  for (let i = 0; i < events.length; i += chunk) news += await postSome(tx, events.slice(i, i + chunk), now);
  return news;
}

async function postSome(tx: Tx, events: readonly LedgerEvent[], now: number): Promise<number> {
  const rows = events.map((event) => ({
    ...keyOf(event),
    kind: event.kind,
    input_hash: contentHash(event),
    booked_at: now,
  }));
  const inserted = await tx
    .insertInto('ledger_event')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['owner', 'id']).doNothing())
    .returning(['owner', 'id'])
    .execute();
  const fresh = new Set(inserted.map(({ owner, id }) => `${owner} ${id}`));
  const repeated = rows.filter(({ owner, id }) => !fresh.has(`${owner} ${id}`));
  if (repeated.length > 0) await compare(tx, repeated);
  const transfers = events.filter((event) => fresh.has(nameOf(event))).flatMap(rowsOf);
  if (transfers.length > 0) await tx.insertInto('transfer').values(transfers).execute();
  return fresh.size;
}

async function compare(
  tx: Tx,
  repeated: readonly { owner: string; id: string; input_hash: Uint8Array }[],
): Promise<void> {
  for (const { owner, id, input_hash } of repeated) {
    const booked = await tx
      .selectFrom('ledger_event')
      .select('input_hash')
      .where('owner', '=', owner)
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    if (!equalBytes(new Uint8Array(booked.input_hash), input_hash)) {
      throw new LedgerError('conflict', `The event ${id} of ${owner} is booked already, with other content.`);
    }
  }
}

function nameOf(event: LedgerEvent): string {
  const { owner, id } = keyOf(event);
  return `${owner} ${id}`;
}

function rowsOf(event: LedgerEvent) {
  const { owner, id } = keyOf(event);
  return transfersFor(event).map(({ debit, credit, money }, line) => ({
    owner,
    event_id: id,
    line,
    debit_account: debit.name,
    debit_party: debit.party,
    credit_account: credit.name,
    credit_party: credit.party,
    unit: money.unit.code,
    amount: money.amount,
  }));
}

/** Balance of one account over all parties, per unit; on the account's normal side positive. */
export interface AccountBalance {
  readonly account: AccountName;
  readonly money: Money;
}

/** Every account of the chart that was ever used, from the transfers. */
export async function accountBalances(db: Db): Promise<AccountBalance[]> {
  const { rows } = await sql<{ account: AccountName; unit: number; balance: bigint }>`
    select account, unit, sum(amount)::bigint as balance from (
      select debit_account as account, unit, amount from transfer
      union all
      select credit_account, unit, -amount from transfer
    ) as entry group by account, unit order by account, unit`.execute(db);
  return rows.map(({ account, unit, balance }) => ({
    account,
    money: { amount: chart[account].side === 'debit' ? balance : -balance, unit: unitByCode(unit) },
  }));
}

/** One account by party, per unit; zero balances left out. */
export async function partyBalances(db: Db, account: AccountName): Promise<{ party: string; money: Money }[]> {
  const { rows } = await sql<{ party: string; unit: number; balance: bigint }>`
    select party, unit, sum(amount)::bigint as balance from (
      select debit_party as party, unit, amount from transfer where debit_account = ${account}
      union all
      select credit_party, unit, -amount from transfer where credit_account = ${account}
    ) as entry group by party, unit having sum(amount) <> 0 order by party, unit`.execute(db);
  const sign = chart[account].side === 'debit' ? 1n : -1n;
  return rows.map(({ party, unit, balance }) => ({ party, money: { amount: sign * balance, unit: unitByCode(unit) } }));
}

/** One account of one party in one unit, on the account's normal side positive. */
export async function partyBalance(db: Db, account: AccountName, party: string, unit: Unit): Promise<Money> {
  const { rows } = await sql<{ balance: bigint | null }>`
    select sum(amount)::bigint as balance from (
      select amount from transfer where debit_account = ${account} and unit = ${unit.code} and debit_party = ${party}
      union all
      select -amount from transfer where credit_account = ${account} and unit = ${unit.code} and credit_party = ${party}
    ) as entry`.execute(db);
  const balance = rows[0]?.balance ?? 0n;
  return { amount: chart[account].side === 'debit' ? balance : -balance, unit };
}
