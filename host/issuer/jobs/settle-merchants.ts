/** Merchants, net of what they gave back. Who owes more than he is owed, or is held, waits for a later run. */
import { sql } from 'kysely';
import { money } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import type { MerchantKey } from '../domain/accounts.js';
import type { LedgerEvent } from '../domain/events.js';
import type { Issuer } from '../service/context.js';
import type { Tx } from '../store/database.js';
import { post } from '../store/ledger.js';

export interface MerchantSettlement {
  readonly merchant: MerchantKey;
  readonly sales: number;
  readonly sold: Money;
  readonly reversals: number;
  readonly reversed: Money;
  /** Decisions on cases, and payments that came back. */
  readonly adjusted: Money;
  /** sold - reversed + adjusted. */
  readonly paid: Money;
}

/** Who is not paid although something is open, and why. */
export interface Unsettled {
  readonly merchant: MerchantKey;
  readonly owed: Money;
  readonly why: 'held' | 'in-debt';
}

export interface MerchantsSettled {
  /** 0 where nothing was to be settled. */
  readonly number: number;
  readonly merchants: readonly MerchantSettlement[];
  readonly unsettled: readonly Unsettled[];
}

interface OpenRow {
  readonly merchant: string;
  readonly unit: number;
  readonly sales: bigint;
  readonly sold: bigint;
  readonly reversals: bigint;
  readonly reversed: bigint;
  readonly adjusted: bigint;
  readonly held: boolean;
}

/** PostgreSQL takes at most 65535 parameters in a statement; eight go into a line. */
const chunk = 1000;

export async function settleMerchants(issuer: Issuer, tx: Tx): Promise<MerchantsSettled> {
  await sql`lock table settlement in exclusive mode`.execute(tx);
  const number = await nextNumber(tx);
  const rows = await takeOpen(tx, number);
  const payable = rows.filter(isPayable);
  const unsettled = rows.filter((row) => !isPayable(row)).map(unsettledOf);
  if (payable.length === 0) return { number: 0, merchants: [], unsettled };
  await tx.insertInto('settlement').values({ id: number, settled_at: issuer.clock() }).execute();
  const lines = payable.map((row) => lineOf(number, row));
  for (let i = 0; i < lines.length; i += chunk) {
    await tx
      .insertInto('settlement_line')
      .values(lines.slice(i, i + chunk))
      .execute();
  }
  const events = payable.filter((row) => net(row) > 0n).map((row) => paidEvent(number, row));
  await post(tx, events, issuer.clock());
  return { number, merchants: payable.map(settlementOf), unsettled };
}

async function nextNumber(tx: Tx): Promise<number> {
  const last = await tx.selectFrom('settlement').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return Number(last?.id ?? 0n) + 1;
}

/**
 * Adds up what is open and marks what is payable, in one statement: a claim that another process accepts meanwhile is in
 * neither, and left for the next run.
 */
async function takeOpen(tx: Tx, number: number): Promise<OpenRow[]> {
  const { rows } = await sql<OpenRow>`
    with entry as (
      select merchant, unit, amount, kind from claim where settlement is null
      union all
      select merchant, unit, amount, 'adjustment' from merchant_adjustment where settlement is null
    ), total as (
      select merchant, unit,
             count(*) filter (where kind = 'sale')::bigint as sales,
             coalesce(sum(amount) filter (where kind = 'sale'), 0)::bigint as sold,
             count(*) filter (where kind = 'reversal')::bigint as reversals,
             coalesce(sum(amount) filter (where kind = 'reversal'), 0)::bigint as reversed,
             coalesce(sum(amount) filter (where kind = 'adjustment'), 0)::bigint as adjusted
        from entry group by merchant, unit
    ), judged as (
      select total.*, exists (select 1 from merchant_hold h where h.merchant = total.merchant and h.released_at is null) as held
        from total
    ), payable as (
      select merchant, unit from judged where not held and sold + adjusted >= reversed
    ), claims as (
      update claim set settlement = ${number} from payable
       where claim.merchant = payable.merchant and claim.unit = payable.unit and claim.settlement is null
    ), adjustments as (
      update merchant_adjustment a set settlement = ${number} from payable
       where a.merchant = payable.merchant and a.unit = payable.unit and a.settlement is null
    )
    select * from judged order by merchant, unit`.execute(tx);
  return rows;
}

function net({ sold, reversed, adjusted }: OpenRow): bigint {
  return sold - reversed + adjusted;
}

function isPayable(row: OpenRow): boolean {
  return !row.held && net(row) >= 0n;
}

function unsettledOf(row: OpenRow): Unsettled {
  const owed = money(net(row), unitByCode(row.unit));
  return { merchant: row.merchant, owed, why: row.held ? 'held' : 'in-debt' };
}

function lineOf(settlement: number, { merchant, unit, sales, sold, reversals, reversed, adjusted }: OpenRow) {
  return { settlement, merchant, unit, sales, sold, reversals, reversed, adjusted };
}

function paidEvent(settlement: number, row: OpenRow): LedgerEvent {
  return { kind: 'merchant-paid', merchant: row.merchant, settlement, money: money(net(row), unitByCode(row.unit)) };
}

function settlementOf(row: OpenRow): MerchantSettlement {
  const of = (amount: bigint): Money => money(amount, unitByCode(row.unit));
  return {
    merchant: row.merchant,
    sales: Number(row.sales),
    sold: of(row.sold),
    reversals: Number(row.reversals),
    reversed: of(row.reversed),
    adjusted: of(row.adjusted),
    paid: of(net(row)),
  };
}
