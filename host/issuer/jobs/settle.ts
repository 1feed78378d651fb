/**
 * The day's end: purchases nobody claimed in time go back to their holders, balances of retired and lost cards fall due,
 * merchants are paid net of what they gave back, holders get their unloads, payers the money of loads that were given up;
 * then the ledger is sealed.
 *
 * Every step may be repeated: what is done is not done again, what was not finished is taken up by the next run.
 */
import { statementCodec } from '../../protocol/generated/structures.js';
import type { StatementFields } from '../../protocol/generated/structures.js';
import { isLoyalty } from '../domain/accounts.js';
import type { Book } from '../domain/book.js';
import type { Issuer } from '../service/context.js';
import { lapse, returnMoney } from '../service/fund.js';
import { cardBook, keepBook } from '../service/keep.js';
import { sealLedger } from '../service/seal.js';
import type { Tx } from '../store/database.js';
import { payHolders } from './pay-holders.js';
import type { HoldersPaid } from './pay-holders.js';
import { settleMerchants } from './settle-merchants.js';
import type { MerchantsSettled } from './settle-merchants.js';

export type { MerchantSettlement, Unsettled } from './settle-merchants.js';

export interface Settlement extends MerchantsSettled, HoldersPaid {
  /** Purchases that went back to their holders. */
  readonly forfeited: number;
  /** Cards whose presentation window ended. */
  readonly closed: number;
  /** Loads that the bank left unanswered for too long. */
  readonly loadsLapsed: number;
  readonly givenBack: number;
}

export async function settle(issuer: Issuer): Promise<Settlement> {
  const forfeited = await forfeitUnclaimed(issuer);
  const closed = await closeEnded(issuer);
  const settled = await issuer.store.transaction((tx) => settleMerchants(issuer, tx), { unhurried: true });
  const loadsLapsed = await lapseUnanswered(issuer);
  const givenBack = await giveBackFunding(issuer);
  const paid = await payHolders(issuer);
  await sealLedger(issuer, { kind: 'system', name: 'settle' });
  return { ...settled, ...paid, forfeited, closed, loadsLapsed, givenBack };
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
    const counters = await authorisedLoads(tx, cardId);
    const open = await cardBook(tx, cardId, { counters });
    const { book, card } = open;
    if (book.standing !== 'retired' && book.standing !== 'lost') return false;
    book.close();
    if (card.closing !== null) compareClosing(book, statementCodec.decode(card.closing));
    await keepBook(issuer, tx, open);
    return true;
  });
}

async function authorisedLoads(tx: Tx, cardId: string): Promise<number[]> {
  const rows = await tx
    .selectFrom('load')
    .select('counter')
    .where('card_id', '=', cardId)
    .where('state', '=', 'authorised')
    .execute();
  return rows.map(({ counter }) => Number(counter));
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

async function lapseUnanswered(issuer: Issuer): Promise<number> {
  const before = issuer.clock() - issuer.policy.bankPatience;
  const waiting = await issuer.store.db
    .selectFrom('load')
    .select(['card_id', 'counter'])
    .where('state', '=', 'asked')
    .where('asked_at', '<', BigInt(before))
    .execute();
  let lapsed = 0;
  for (const load of waiting) if (await lapse(issuer, load, before)) lapsed++;
  return lapsed;
}

async function giveBackFunding(issuer: Issuer): Promise<number> {
  const loads = await issuer.store.db
    .selectFrom('load')
    .selectAll()
    .where('state', 'in', ['given-up', 'declined', 'lapsed'])
    .where('funding', 'in', ['asked', 'returning'])
    .execute();
  let given = 0;
  for (const load of loads) if (await returnMoney(issuer, load)) given++;
  return given;
}
