/**
 * Books events. An event is booked once: the same key with the same content changes nothing, the same key with other content is
 * a conflict. Nothing is ever updated or deleted; the database refuses it, and each event is a link of its owner's hash chain.
 */
import { sql } from 'kysely';
import type { Money, Unit } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { chart } from '../domain/accounts.js';
import type { Account, AccountName } from '../domain/accounts.js';
import { keyOf } from '../domain/events.js';
import type { LedgerEvent } from '../domain/events.js';
import { transfersFor } from '../domain/transfers.js';
import type { Transfer } from '../domain/transfers.js';
import { LedgerError } from '../errors.js';
import { currentTrace } from '../ops/trace.js';
import { arrayOf, copyInto } from './copy.js';
import type { CopyValue } from './copy.js';
import type { Db, Tx } from './database.js';
import { lockHeads, moveHeads } from './ledger-heads.js';
import type { Head } from './ledger-heads.js';
import { contentOf, eventHash } from './ledger-chain.js';

/**
 * Books events that may have been booked before.
 *
 * @param now seconds
 * @returns how many of the events are news
 * @throws LedgerError conflict
 */
export async function post(tx: Tx, events: readonly LedgerEvent[], now: number): Promise<number> {
  if (events.length === 0) return 0;
  const asked = events.map(entryOf);
  const heads = await lockHeads(
    tx,
    asked.map(({ owner }) => owner),
  );
  const booked = await bookedBefore(tx, asked);
  const fresh = asked.filter(({ owner, id, inputHash }) => {
    const before = booked.get(`${owner} ${id}`);
    if (before === inputHash) return false;
    if (before !== undefined)
      throw new LedgerError('conflict', `The event ${id} of ${owner} is booked already, with other content.`);
    booked.set(`${owner} ${id}`, inputHash);
    return true;
  });
  await append(tx, fresh, heads, now);
  await moveHeads(tx, heads);
  return fresh.length;
}

/**
 * Books events that follow from what was read under the lock of their owner, so that they are news: nobody looks for them first. Where
 * one was booked all the same, the key refuses it and the transaction fails.
 *
 * @param heads of the owners, under their locks; they move on here, and the caller writes them
 * @param now seconds
 */
export async function postNews(
  tx: Tx,
  events: readonly LedgerEvent[],
  heads: ReadonlyMap<string, Head>,
  now: number,
): Promise<void> {
  if (events.length > 0) await append(tx, events.map(entryOf), heads, now);
}

/** An event with its transfers, as it is booked. */
interface Entry {
  readonly owner: string;
  readonly id: string;
  readonly kind: string;
  readonly transfers: readonly Transfer[];
  readonly inputHash: string;
}

function entryOf(event: LedgerEvent): Entry {
  const transfers = transfersFor(event);
  const { owner, id } = keyOf(event);
  return { owner, id, kind: event.kind, transfers, inputHash: contentOf(event.kind, transfers) };
}

/** Each is the next link of its owner's chain. */
async function append(tx: Tx, entries: readonly Entry[], heads: ReadonlyMap<string, Head>, now: number): Promise<void> {
  if (entries.length === 0) return;
  const trace = currentTrace() ?? null;
  const rows = entries.map(({ owner, id, kind, transfers, inputHash }): CopyValue[] => {
    const head = heads.get(owner);
    if (head === undefined) throw new Error(`no head of ${owner}`);
    head.seq++;
    head.hash = eventHash(head.hash, { owner, seq: head.seq, id, kind, inputHash, bookedAt: now });
    return [
      owner,
      id,
      kind,
      inputHash,
      now,
      head.seq,
      head.hash,
      trace,
      transfers.map(({ debit }) => accountText(debit)),
      transfers.map(({ credit }) => accountText(credit)),
      transfers.map(({ money }) => money.unit.code),
      transfers.map(({ money }) => money.amount),
    ];
  });
  await copyInto(tx, 'ledger_event', eventColumns, rows);
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
  debits: 'text[]',
  credits: 'text[]',
  units: 'int4[]',
  amounts: 'int8[]',
} as const;

function accountText({ name, party }: Account): string {
  return party === '' ? name : `${name}:${party}`;
}

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
