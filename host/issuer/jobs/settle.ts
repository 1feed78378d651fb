/**
 * The day's end: purchases nobody claimed in time go back to their holders, balances of retired and lost cards fall due,
 * merchants are paid net of what they gave back, holders get their unloads, payers the money of loads that were given up.
 *
 * Every step may be repeated: what is done is not done again, what was not finished is taken up by the next run.
 */
import { sql } from 'kysely';
import { money } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { unitByCode } from '../../protocol/codec/units.js';
import { statementCodec } from '../../protocol/generated/structures.js';
import type { StatementFields } from '../../protocol/generated/structures.js';
import { isLoyalty } from '../domain/accounts.js';
import type { MerchantKey } from '../domain/accounts.js';
import type { Book } from '../domain/book.js';
import type { LedgerEvent } from '../domain/events.js';
import type { Issuer } from '../service/context.js';
import { returnMoney } from '../service/fund.js';
import { cardBook, keepBook } from '../service/keep.js';
import type { Tx } from '../store/database.js';
import { post } from '../store/ledger.js';
import { payHolders } from './pay-holders.js';

export interface MerchantSettlement {
  readonly merchant: MerchantKey;
  readonly sales: number;
  readonly sold: Money;
  readonly reversals: number;
  readonly reversed: Money;
  /** sold - reversed. */
  readonly paid: Money;
}

export interface Settlement {
  /** 0 where nothing was to be settled. */
  readonly number: number;
  readonly merchants: readonly MerchantSettlement[];
  /** Purchases that went back to their holders. */
  readonly forfeited: number;
  /** Cards whose presentation window ended. */
  readonly closed: number;
  readonly paidToHolders: readonly Money[];
  readonly givenBack: number;
}

export async function settle(issuer: Issuer): Promise<Settlement> {
  const forfeited = await forfeitUnclaimed(issuer);
  const closed = await closeEnded(issuer);
  const { number, merchants } = await issuer.store.transaction((tx) => settleMerchants(issuer, tx));
  const givenBack = await giveBackFunding(issuer);
  const paidToHolders = await payHolders(issuer);
  return { number, merchants, forfeited, closed, paidToHolders, givenBack };
}

/** Purchases on record since before the window that no merchant has claimed. */
async function forfeitUnclaimed(issuer: Issuer): Promise<number> {
  const before = BigInt(issuer.clock() - issuer.policy.presentationWindow);
  const open = await issuer.store.db
    .selectFrom('record')
    .select(['card_id', 'nt'])
    .where('clearing', '=', 'open')
    .where('kind', '=', 'purchase')
    .where('seen_at', '<', before)
    .execute();
  let forfeited = 0;
  for (const { card_id, nt } of open) {
    forfeited += await issuer.store.transaction(async (tx) => {
      const book = await cardBook(tx, card_id, { nts: [Number(nt)] });
      const news = book.book.forfeit(Number(nt));
      await keepBook(issuer, tx, book);
      return news ? 1 : 0;
    });
  }
  return forfeited;
}

/** Retired and lost cards whose merchants have had their time. A card that broke its chain waits for a person. */
async function closeEnded(issuer: Issuer): Promise<number> {
  const before = BigInt(issuer.clock() - issuer.policy.presentationWindow);
  const ended = await issuer.store.db
    .selectFrom('card')
    .select('card_id')
    .where('state', 'in', ['retired', 'lost'])
    .where('fault', 'is', null)
    .where('ended_at', '<', before)
    .execute();
  let closed = 0;
  for (const { card_id } of ended) closed += (await closeOne(issuer, card_id)) ? 1 : 0;
  return closed;
}

async function closeOne(issuer: Issuer, cardId: string): Promise<boolean> {
  return issuer.store.transaction(async (tx) => {
    const open = await cardBook(tx, cardId);
    const { book, card } = open;
    if (book.standing !== 'retired' && book.standing !== 'lost') return false;
    book.close();
    if (card.closing !== null) compareClosing(book, statementCodec.decode(card.closing));
    await keepBook(issuer, tx, open);
    return true;
  });
}

/** The holder gets what the books say. A card that swore to more money is looked at by a person; points may come from sales not seen. */
function compareClosing(book: Book, { balances }: StatementFields): void {
  for (const [slot, { balance }] of balances.entries()) {
    const known = book.balances[slot] ?? 0n;
    const unit = book.units[slot];
    if (BigInt(balance) <= known || unit === undefined || isLoyalty(unit)) continue;
    const detail = `Slot ${slot} closed with ${balance} minor units, the books have ${known}.`;
    book.find('closing-exceeds-shadow', `slot/${slot}`, detail);
  }
}

interface PayableRow {
  readonly merchant: string;
  readonly unit: number;
  readonly sales: bigint;
  readonly sold: bigint;
  readonly reversals: bigint;
  readonly reversed: bigint;
}

/** A merchant who owes more than he is owed is left for the next run. */
async function settleMerchants(issuer: Issuer, tx: Tx): Promise<{ number: number; merchants: MerchantSettlement[] }> {
  await sql`lock table settlement in exclusive mode`.execute(tx);
  const { rows } = await sql<PayableRow>`
    select merchant, unit,
           count(*) filter (where kind = 'sale')::bigint as sales,
           coalesce(sum(amount) filter (where kind = 'sale'), 0)::bigint as sold,
           count(*) filter (where kind = 'reversal')::bigint as reversals,
           coalesce(sum(amount) filter (where kind = 'reversal'), 0)::bigint as reversed
      from claim where settlement is null group by merchant, unit
     order by merchant, unit`.execute(tx);
  const payable = rows.filter(({ sold, reversed }) => sold >= reversed);
  if (payable.length === 0) return { number: 0, merchants: [] };
  const number = await nextNumber(issuer, tx);
  for (const row of payable) await settleOne(tx, number, row);
  const events = payable.filter(({ sold, reversed }) => sold > reversed).map((row) => paidEvent(number, row));
  await post(tx, events, issuer.clock());
  return { number, merchants: payable.map(settlementOf) };
}

async function nextNumber(issuer: Issuer, tx: Tx): Promise<number> {
  const last = await tx.selectFrom('settlement').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  const id = Number(last?.id ?? 0n) + 1;
  await tx.insertInto('settlement').values({ id, settled_at: issuer.clock() }).execute();
  return id;
}

async function settleOne(tx: Tx, settlement: number, row: PayableRow): Promise<void> {
  await tx
    .insertInto('settlement_line')
    .values({ settlement, ...row })
    .execute();
  await tx
    .updateTable('claim')
    .set({ settlement })
    .where('merchant', '=', row.merchant)
    .where('unit', '=', row.unit)
    .where('settlement', 'is', null)
    .execute();
}

function paidEvent(settlement: number, { merchant, unit, sold, reversed }: PayableRow): LedgerEvent {
  return { kind: 'merchant-paid', merchant, settlement, money: money(sold - reversed, unitByCode(unit)) };
}

function settlementOf({ merchant, unit, sales, sold, reversals, reversed }: PayableRow): MerchantSettlement {
  const of = (amount: bigint): Money => money(amount, unitByCode(unit));
  return {
    merchant,
    sales: Number(sales),
    sold: of(sold),
    reversals: Number(reversals),
    reversed: of(reversed),
    paid: of(sold - reversed),
  };
}

async function giveBackFunding(issuer: Issuer): Promise<number> {
  const loads = await issuer.store.db
    .selectFrom('load')
    .selectAll()
    .where('state', '=', 'given-up')
    .where('funding', 'in', ['asked', 'returning'])
    .execute();
  let given = 0;
  for (const load of loads) if (await returnMoney(issuer, load)) given++;
  return given;
}
