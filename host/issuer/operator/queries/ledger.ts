/** The books from the top down: chart → parties of an account → postings → the event they belong to. */
import { sql } from 'kysely';
import { toHex } from '../../../protocol/codec/bytes.js';
import { moneyToJson, zero } from '../../../protocol/codec/money.js';
import { unitByCode, unitByName } from '../../../protocol/codec/units.js';
import type { Unit } from '../../../protocol/codec/units.js';
import { chart } from '../../domain/accounts.js';
import type { AccountName } from '../../domain/accounts.js';
import { rejected } from '../../service/context.js';
import type { Issuer } from '../../service/context.js';
import type { Db } from '../../store/database.js';
import { accountBalances } from '../../store/ledger.js';
import type { Part } from '../views/common.js';
import type { AccountView, ChartView, EventView, PartyView, PostingView } from '../views/ledger.js';
import { cursorOf, limitOf, partOf, smallNumber, wholeNumber } from './paging.js';
import type { Paging } from './paging.js';

/** Every account of the chart, used or not, per unit of the scheme. */
export async function showChart({ store, scheme, clock }: Issuer): Promise<ChartView> {
  const balances = await accountBalances(store.db);
  const accounts = scheme.units.flatMap((unit) =>
    accountNames.map((account): AccountView => {
      const found = balances.find((one) => one.account === account && one.money.unit.code === unit.code);
      return { account, side: chart[account].side, balance: moneyToJson(found?.money ?? zero(unit)) };
    }),
  );
  const sums = scheme.units.map((unit) => {
    const amounts = balances
      .filter(({ money }) => money.unit.code === unit.code)
      .map(({ account, money }) => (chart[account].side === 'debit' ? money.amount : -money.amount));
    return moneyToJson({ amount: amounts.reduce((total, amount) => total + amount, 0n), unit });
  });
  return { at: clock(), units: scheme.units.map(({ name }) => name), accounts, sums };
}

const accountNames = Object.keys(chart) as AccountName[];

/** @throws IssuerError rejected */
export function accountNamed(text: string): AccountName {
  const name = accountNames.find((known) => known === text);
  if (name === undefined) throw rejected(`There is no account "${text.slice(0, 40)}" in the chart.`);
  return name;
}

/** @throws IssuerError rejected */
export function unitNamed(text: string): Unit {
  try {
    return unitByName(text);
  } catch (cause) {
    throw rejected(`There is no unit "${text.slice(0, 20)}".`, cause);
  }
}

export interface AccountSearch extends Paging {
  readonly account: AccountName;
  readonly unit: Unit;
}

/** Who has how much on an account; parties whose balance is zero are left out. By party. */
export async function accountParties(db: Db, search: AccountSearch): Promise<Part<PartyView>> {
  const { account, unit } = search;
  const [after = ''] = cursorOf(search, 1) ?? [];
  const { rows } = await sql<{ party: string; balance: bigint }>`
    select party, sum(amount)::bigint as balance from (
      select debit_party as party, amount from transfer
        where debit_account = ${account} and unit = ${unit.code} and debit_party > ${after}
      union all
      select credit_party, -amount from transfer
        where credit_account = ${account} and unit = ${unit.code} and credit_party > ${after}
    ) as entry group by party having sum(amount) <> 0 order by party limit ${limitOf(search) + 1}`.execute(db);
  const sign = chart[account].side === 'debit' ? 1n : -1n;
  return partOf(
    rows,
    search,
    ({ party, balance }): PartyView => ({ party, balance: moneyToJson({ amount: sign * BigInt(balance), unit }) }),
    ({ party }) => [party],
  );
}

export interface PostingSearch extends Paging {
  readonly account?: AccountName | undefined;
  readonly unit?: Unit | undefined;
  /** Card and slot, card, or merchant, as the account has it; undefined for all. */
  readonly party?: string | undefined;
  /** Card or merchant whose event it is. */
  readonly owner?: string | undefined;
}

/** Newest first. */
export async function postings(db: Db, search: PostingSearch): Promise<Part<PostingView>> {
  const { account, unit, party, owner } = search;
  const after = cursorOf(search, 4);
  const rows = await postingRows(db)
    .$if(owner !== undefined, (query) => query.where('owner', '=', owner ?? ''))
    .$if(unit !== undefined, (query) => query.where('unit', '=', unit?.code ?? 0))
    .$if(account !== undefined || party !== undefined, (query) =>
      query.where(({ or, and, eb }) =>
        or([
          and([
            ...(account === undefined ? [] : [eb('debit_account', '=', account)]),
            ...(party === undefined ? [] : [eb('debit_party', '=', party)]),
          ]),
          and([
            ...(account === undefined ? [] : [eb('credit_account', '=', account)]),
            ...(party === undefined ? [] : [eb('credit_party', '=', party)]),
          ]),
        ]),
      ),
    )
    .$if(after !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple('booked_at', 'owner', 'event_id', 'line'),
          '<',
          tuple(wholeNumber(after?.[0]), after?.[1] ?? '', after?.[2] ?? '', smallNumber(after?.[3])),
        ),
      ),
    )
    .orderBy('booked_at', 'desc')
    .orderBy('owner', 'desc')
    .orderBy('event_id', 'desc')
    .orderBy('line', 'desc')
    .limit(limitOf(search) + 1)
    .execute();
  return partOf(rows, search, postingView, (row) => [row.booked_at, row.owner, row.event_id, row.line]);
}

type PostingRow = Awaited<ReturnType<ReturnType<typeof postingRows>['executeTakeFirstOrThrow']>>;

function postingRows(db: Db) {
  return db.selectFrom('transfer').selectAll();
}

function postingView(row: PostingRow): PostingView {
  return {
    owner: row.owner,
    eventId: row.event_id,
    line: row.line,
    kind: row.kind,
    bookedAt: Number(row.booked_at),
    debit: { account: row.debit_account, party: row.debit_party },
    credit: { account: row.credit_account, party: row.credit_party },
    money: moneyToJson({ amount: row.amount, unit: unitByCode(row.unit) }),
  };
}

/** @throws IssuerError rejected */
export async function showEvent(db: Db, owner: string, eventId: string): Promise<EventView> {
  const event = await db
    .selectFrom('ledger_event')
    .select(['kind', 'booked_at', 'seq', 'hash', 'trace'])
    .where('owner', '=', owner)
    .where('id', '=', eventId)
    .executeTakeFirst();
  if (event === undefined) throw rejected(`There is no event ${eventId.slice(0, 80)} of ${owner}.`);
  const lines = await postingRows(db)
    .where('owner', '=', owner)
    .where('event_id', '=', eventId)
    .orderBy('line')
    .execute();
  return {
    owner,
    eventId,
    kind: event.kind,
    bookedAt: Number(event.booked_at),
    seq: Number(event.seq),
    hash: toHex(new Uint8Array(event.hash)),
    trace: event.trace,
    postings: lines.map(postingView),
  };
}
