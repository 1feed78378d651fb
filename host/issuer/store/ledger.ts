/**
 * Books events. An event is booked once: the same key with the same content changes nothing, the same key with other content is
 * a conflict. Nothing is ever updated or deleted; the database refuses it, and each event is a link of its owner's hash chain.
 */
import { sql } from 'kysely';
import type { Money, Unit } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { chart } from '../domain/accounts.js';
import type { AccountName } from '../domain/accounts.js';
import { keyOf } from '../domain/events.js';
import type { LedgerEvent } from '../domain/events.js';
import { transfersFor } from '../domain/transfers.js';
import { LedgerError } from '../errors.js';
import { currentTrace } from '../ops/trace.js';
import { arrayOf, copyInto } from './copy.js';
import type { CopyValue } from './copy.js';
import type { Db, Tx } from './database.js';
import { lockHeads, moveHeads } from './ledger-heads.js';
import { contentOf, eventHash } from './ledger-chain.js';
import type { EventRow, TransferRow } from './ledger-chain.js';

/**
 * @param now seconds
 * @returns how many of the events are news
 * @throws LedgerError conflict
 */
export async function post(tx: Tx, events: readonly LedgerEvent[], now: number): Promise<number> {
  if (events.length === 0) return 0;
  const asked = events.map((event) => {
    const transfers = transfersFor(event).map(transferRow);
    return { ...keyOf(event), kind: event.kind, transfers, inputHash: contentOf(event.kind, transfers) };
  });
  const heads = await lockHeads(
    tx,
    asked.map(({ owner }) => owner),
  );
  const booked = await bookedBefore(tx, asked);
  const trace = currentTrace() ?? null;
  const eventRows: CopyValue[][] = [];
  const transferRows: CopyValue[][] = [];
  for (const { owner, id, kind, transfers, inputHash } of asked) {
    const before = booked.get(`${owner} ${id}`);
    if (before === inputHash) continue;
    if (before !== undefined)
      throw new LedgerError('conflict', `The event ${id} of ${owner} is booked already, with other content.`);
    booked.set(`${owner} ${id}`, inputHash);
    const head = heads.get(owner);
    if (head === undefined) throw new Error(`no head of ${owner}`);
    head.seq++;
    const row: EventRow = { owner, seq: head.seq, id, kind, inputHash, bookedAt: now };
    head.hash = eventHash(head.hash, row);
    eventRows.push([owner, id, kind, inputHash, now, head.seq, head.hash, trace]);
    for (const [line, one] of transfers.entries()) transferRows.push(transferValues(owner, id, line, one));
  }
  await copyInto(tx, 'ledger_event', eventColumns, eventRows);
  await copyInto(tx, 'transfer', transferColumns, transferRows);
  if (eventRows.length > 0) await moveHeads(tx, heads);
  return eventRows.length;
}

const eventColumns = {
  owner: 'text',
  id: 'text',
  kind: 'text',
  input_hash: 'bytea',
  booked_at: 'int8',
  seq: 'int8',
  hash: 'bytea',
  trace: 'text',
} as const;

const transferColumns = {
  owner: 'text',
  event_id: 'text',
  line: 'int2',
  debit_account: 'text',
  debit_party: 'text',
  credit_account: 'text',
  credit_party: 'text',
  unit: 'int4',
  amount: 'int8',
} as const;

/** Hash of the content under each key that is booked. */
async function bookedBefore(
  tx: Tx,
  keys: readonly { readonly owner: string; readonly id: string }[],
): Promise<Map<string, string>> {
  const owners = arrayOf(keys.map(({ owner }) => owner));
  const ids = arrayOf(keys.map(({ id }) => id));
  const { rows } = await sql<{ owner: string; id: string; input_hash: string }>`
    select asked.owner, asked.id, encode(found.input_hash, 'hex') as input_hash
      from unnest(${owners}::text[], ${ids}::text[]) as asked (owner, id),
           lateral (select input_hash from ledger_event e
                     where e.owner = asked.owner and e.id = asked.id offset 0) as found`.execute(tx);
  return new Map(rows.map(({ owner, id, input_hash }) => [`${owner} ${id}`, input_hash]));
}

function transferRow({ debit, credit, money }: ReturnType<typeof transfersFor>[number]): TransferRow {
  return {
    debit_account: debit.name,
    debit_party: debit.party,
    credit_account: credit.name,
    credit_party: credit.party,
    unit: money.unit.code,
    amount: money.amount,
  };
}

function transferValues(owner: string, eventId: string, line: number, row: TransferRow): CopyValue[] {
  const { debit_account, debit_party, credit_account, credit_party, unit, amount } = row;
  return [owner, eventId, line, debit_account, debit_party, credit_account, credit_party, unit, amount];
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
