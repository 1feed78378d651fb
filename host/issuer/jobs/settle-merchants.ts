/** Merchants, net of what they gave back. Who owes more than he is owed, or is held, waits for a later run. */
import { sql } from 'kysely';
import { money } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { commissionOf } from '../domain/commission.js';
import { firstLoyalty, isLoyalty } from '../domain/accounts.js';
import type { MerchantKey } from '../domain/accounts.js';
import type { LedgerEvent } from '../domain/events.js';
import { orderPayment } from '../payout/payments.js';
import type { PaymentOrder } from '../payout/payments.js';
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
  /** The scheme's commission. */
  readonly fee: Money;
  /** sold - reversed + adjusted - fee. */
  readonly paid: Money;
}

/** Who is not paid although something is open, and why. */
export interface Unsettled {
  readonly merchant: MerchantKey;
  readonly owed: Money;
  readonly why: 'held' | 'no-account' | 'in-debt' | 'terminal-held';
}

export interface MerchantsSettled {
  /** 0 where nothing was to be settled. */
  readonly number: number;
  readonly merchants: readonly MerchantSettlement[];
  readonly unsettled: readonly Unsettled[];
}

interface TotalRow {
  readonly merchant: string;
  readonly unit: number;
  readonly sales: bigint;
  readonly sold: bigint;
  readonly reversals: bigint;
  readonly reversed: bigint;
  readonly adjusted: bigint;
  readonly held: boolean;
  readonly name: string | null;
  readonly iban: string | null;
  readonly bic: string | null;
}

interface OpenRow extends TotalRow {
  readonly fee: bigint;
}

/** PostgreSQL takes at most 65535 parameters in a statement; nine go into a line. */
const chunk = 1000;

export async function settleMerchants(issuer: Issuer, tx: Tx): Promise<MerchantsSettled> {
  await sql`lock table settlement in exclusive mode`.execute(tx);
  const number = await nextNumber(tx);
  const byFile = issuer.policy.debtor !== undefined;
  const rows = (await takeOpen(tx, number, byFile)).map((row) => charged(row, issuer.policy.merchantCommission));
  const judged = rows.map((row) => ({ row, why: whyNot(row, byFile) }));
  const payable = judged.flatMap(({ row, why }) => (why === undefined ? [row] : []));
  const held = await ofHeldTerminals(tx);
  const unsettled = judged.flatMap(({ row, why }) => (why === undefined ? [] : [unsettledOf(row, why)])).concat(held);
  if (payable.length === 0) return { number: 0, merchants: [], unsettled };
  await tx.insertInto('settlement').values({ id: number, settled_at: issuer.clock() }).execute();
  const lines = payable.map((row) => lineOf(number, row));
  for (let i = 0; i < lines.length; i += chunk) {
    await tx
      .insertInto('settlement_line')
      .values(lines.slice(i, i + chunk))
      .execute();
  }
  await post(
    tx,
    payable.flatMap((row) => feeEvents(number, row)),
    issuer.clock(),
  );
  const owed = payable.filter((row) => net(row) > 0n);
  const ordered = byFile ? owed.filter(isMoney) : [];
  for (const row of ordered) await orderPayment(tx, orderOf(number, row), issuer.clock());
  const events = owed.filter((row) => !ordered.includes(row)).map((row) => paidEvent(number, row));
  await post(tx, events, issuer.clock());
  return { number, merchants: payable.map(settlementOf), unsettled };
}

async function nextNumber(tx: Tx): Promise<number> {
  const last = await tx.selectFrom('settlement').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return Number(last?.id ?? 0n) + 1;
}

/** A claim of a terminal that is held waits, whatever becomes of its merchant's others. */
const isOfHeld = sql`terminal_id in (select terminal_id from terminal where held_at is not null)`;

async function ofHeldTerminals(tx: Tx): Promise<Unsettled[]> {
  const { rows } = await sql<{ merchant: string; unit: number; owed: bigint }>`
    select merchant, unit, sum(case when kind = 'sale' then amount else -amount end)::bigint as owed
      from claim where settlement is null and ${isOfHeld} group by merchant, unit order by merchant, unit`.execute(tx);
  return rows.map(({ merchant, unit, owed }) => ({
    merchant,
    owed: money(owed, unitByCode(unit)),
    why: 'terminal-held',
  }));
}

/**
 * Adds up what is open and marks what is payable, in one statement: a claim that another process accepts meanwhile is in
 * neither, and left for the next run. Of a record both may be open, its sale and what takes it back: `open` says which at that moment.
 */
async function takeOpen(tx: Tx, number: number, byFile: boolean): Promise<TotalRow[]> {
  const { rows } = await sql<TotalRow>`
    with open as materialized (
      select card_id, nt, merchant, unit, amount, sale_at is not null and sale_settlement is null as sale,
             reversal_at is not null and reversal_settlement is null as reversal
        from record
       where ((sale_at is not null and sale_settlement is null) or (reversal_at is not null and reversal_settlement is null))
         and not (${isOfHeld})
    ), entry as (
      select merchant, unit, amount, 'sale' as kind from open where sale
      union all
      select merchant, unit, amount, 'reversal' from open where reversal
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
      select total.*, m.name, m.iban, m.bic,
             exists (select 1 from merchant_hold h where h.merchant = total.merchant and h.released_at is null) as held
        from total left join merchant m on m.merchant = total.merchant
    ), payable as (
      select merchant, unit from judged
       where not held and sold + adjusted >= reversed and (not ${byFile} or unit >= ${firstLoyalty} or iban is not null)
    ), claims as (
      update record r set sale_settlement = case when open.sale then ${number} else r.sale_settlement end,
                          reversal_settlement = case when open.reversal then ${number} else r.reversal_settlement end
        from open join payable on payable.merchant = open.merchant and payable.unit = open.unit
       where r.card_id = open.card_id and r.nt = open.nt
    ), adjustments as (
      update merchant_adjustment a set settlement = ${number} from payable
       where a.merchant = payable.merchant and a.unit = payable.unit and a.settlement is null
    )
    select * from judged order by merchant, unit`.execute(tx);
  return rows;
}

/** Points are settled whole. */
function charged(row: TotalRow, basisPoints: number): OpenRow {
  return { ...row, fee: isMoney(row) ? commissionOf(row, basisPoints) : 0n };
}

function net({ sold, reversed, adjusted, fee }: OpenRow): bigint {
  return sold - reversed + adjusted - fee;
}

function isMoney({ unit }: TotalRow): boolean {
  return !isLoyalty(unitByCode(unit));
}

/** As the statement above decides. */
function whyNot(row: OpenRow, byFile: boolean): Unsettled['why'] | undefined {
  if (row.held) return 'held';
  if (net(row) < 0n) return 'in-debt';
  return byFile && isMoney(row) && row.iban === null ? 'no-account' : undefined;
}

function unsettledOf(row: OpenRow, why: Unsettled['why']): Unsettled {
  return { merchant: row.merchant, owed: money(net(row), unitByCode(row.unit)), why };
}

function orderOf(settlement: number, row: OpenRow): PaymentOrder {
  const { merchant, unit, name, iban, bic } = row;
  if (name === null || iban === null) throw new Error(`merchant ${merchant} was settled without an account`);
  const owed = money(net(row), unitByCode(unit));
  return { kind: 'settlement', owner: merchant, ref: settlement, money: owed, payee: { name, iban, bic } };
}

function lineOf(settlement: number, { merchant, unit, sales, sold, reversals, reversed, adjusted, fee }: OpenRow) {
  return { settlement, merchant, unit, sales, sold, reversals, reversed, adjusted, fee };
}

function feeEvents(settlement: number, { merchant, unit, fee }: OpenRow): LedgerEvent[] {
  if (fee === 0n) return [];
  return [{ kind: 'commission-charged', merchant, settlement, money: money(fee, unitByCode(unit)) }];
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
    fee: of(row.fee),
    paid: of(net(row)),
  };
}
