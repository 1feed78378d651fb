/** The story, scene by scene. Every scene says what it expects; anything else ends it. */
import { toHex } from '../protocol/codec/bytes.js';
import { formatMoney } from '../protocol/codec/money.js';
import type { Money } from '../protocol/codec/money.js';
import { formatTime } from '../protocol/codec/time.js';
import { commands } from '../protocol/generated/commands.js';
import { block } from '../issuer/service/listing.js';
import { closeBatch, upload } from '../pos/day.js';
import type { PosOutcome } from '../pos/types.js';
import { openOrders } from '../terminal/journal/state.js';
import { amountOf, balanceOf } from '../terminal/receipts.js';
import type { Refusal } from '../terminal/refusal.js';
import type { Installation } from './installation.js';
import type { Cost } from './link.js';
import { amount, shown } from './narrator.js';
import type { Narrator } from './narrator.js';
import { Holder, eur } from './people.js';
import type { Visited } from './people.js';

/** What the books are compared with afterwards. */
export interface Told {
  readonly holders: readonly Holder[];
  readonly paymentApdusKnownTerminal: number;
}

/** The story took another turn than it should. */
export class StoryBroken extends Error {
  override readonly name = 'StoryBroken';
}

export async function tellStory(site: Installation, narrator: Narrator): Promise<Told> {
  schemeMade(site, narrator);
  const ada = await cardIssued(site, narrator, 'Ada');
  const ben = await cardIssued(site, narrator, 'Ben');

  narrator.chapter('Ada loads her card and pays');
  await site.pos.station.refreshHotList();
  await loaded(narrator, ada, eur(50_00n));
  await paid(narrator, ada, eur(3_50n), 'the first meeting with this shop');
  const known = await paid(narrator, ada, eur(2_20n), 'card and shop know each other now');

  await answerLost(site, narrator, ada, eur(4_00n));
  await cancelled(narrator, ada, eur(6_30n));
  await stolen(site, narrator, ben);
  await dayClosed(site, narrator);
  return { holders: [ada, ben], paymentApdusKnownTerminal: known.apdus };
}

function schemeMade({ scheme, pos, kiosk, desk }: Installation, narrator: Narrator): void {
  narrator.chapter('A scheme is created');
  const units = scheme.units.map(({ name }) => name);
  narrator.tell('scheme', `"${scheme.name}": root, issuer and acquirer keys, purses for ${units.join(', ')}`, {
    name: scheme.name,
    units,
    keys: scheme.keys.length,
    root: toHex(scheme.rootPoint).slice(0, 16),
  });
  for (const { station } of [desk, kiosk, pos]) {
    const { terminalId, expiry } = station.identity.certificate;
    narrator.aside(
      `${station.name.padEnd(6)} ${toHex(terminalId)}, certified until ${formatTime(expiry).slice(0, 10)}`,
    );
  }
}

async function cardIssued(site: Installation, narrator: Narrator, name: string): Promise<Holder> {
  if (name === 'Ada') narrator.chapter('Two cards are personalized');
  const holder = new Holder(name, site, await site.rawCard());
  const { outcome, cost } = await holder.getCard();
  if (outcome.result !== 'issued') throw broken(`${name} got no card`, outcome);
  narrator.visit('personalized', `${name}: card ${toHex(outcome.cardId)}, keys made on the card`, cost, {
    holder: name,
    card: toHex(outcome.cardId),
  });
  return holder;
}

async function loaded(narrator: Narrator, holder: Holder, value: Money): Promise<void> {
  const { outcome, cost } = await holder.load(value);
  if (outcome.result !== 'loaded') throw broken(`${holder.name} could not load`, outcome);
  const balance = balanceOf(outcome.record);
  narrator.visit('loaded', `${holder.name} loads ${shown(value)} at the kiosk, balance ${shown(balance)}`, cost, {
    holder: holder.name,
    amount: amount(amountOf(outcome.record)),
    balance: amount(balance),
  });
}

async function paid(narrator: Narrator, holder: Holder, value: Money, remark: string): Promise<Cost> {
  const { outcome, cost } = await holder.pay(value);
  const sale = expectPaid(holder, outcome);
  narrator.visit('paid', `${holder.name} pays ${shown(value)}, balance ${shown(sale.balance)}: ${remark}`, cost, {
    holder: holder.name,
    tn: sale.tn,
    amount: amount(value),
    balance: amount(sale.balance),
    points: sale.points,
  });
  return cost;
}

async function answerLost(site: Installation, narrator: Narrator, holder: Holder, value: Money): Promise<void> {
  narrator.chapter('An answer is lost');
  const first = await holder.pay(value, commands.DEBIT.ins);
  const { outcome } = first;
  if (outcome.result !== 'unresolved') throw broken('the lost answer was not noticed', outcome);
  const open = openOrders(site.pos.journal.state).length;
  narrator.visit(
    'answer-lost',
    `${holder.name} pays ${shown(value)}; the card is pulled out after it has paid`,
    first.cost,
    {
      holder: holder.name,
      tn: outcome.order.tn,
      amount: amount(value),
      openEntries: open,
    },
  );
  narrator.aside(`${outcome.refusal.message} No goods yet; the journal has it.`);
  const again = await holder.pay(value);
  const sale = expectPaid(holder, again.outcome);
  if (!sale.recovered || sale.tn !== outcome.order.tn) throw new StoryBroken('the payment was made twice');
  narrator.visit(
    'recovered',
    `${holder.name} presents the card again: number ${sale.tn} was paid, proof fetched, not paid twice; balance ${shown(sale.balance)}`,
    again.cost,
    { holder: holder.name, tn: sale.tn, amount: amount(value), balance: amount(sale.balance) },
  );
}

async function cancelled(narrator: Narrator, holder: Holder, value: Money): Promise<void> {
  narrator.chapter('A payment is cancelled');
  await paid(narrator, holder, value, 'but the goods are the wrong ones');
  const { outcome, cost } = await holder.cancel();
  if (outcome.result !== 'cancelled') throw broken('the payment could not be cancelled', outcome);
  const balance = balanceOf(outcome.record);
  narrator.visit(
    'cancelled',
    `${holder.name} gets ${shown(value)} back, points taken back, balance ${shown(balance)}`,
    cost,
    {
      holder: holder.name,
      tn: outcome.tn,
      amount: amount(amountOf(outcome.record)),
      balance: amount(balance),
    },
  );
}

async function stolen(site: Installation, narrator: Narrator, holder: Holder): Promise<void> {
  narrator.chapter('A card is stolen');
  await loaded(narrator, holder, eur(30_00n));
  await paid(narrator, holder, eur(12_00n), 'the last time himself');
  const blockNumber = await block(site.issuer, toHex(holder.cardId), 'reported stolen');
  const list = await site.pos.station.refreshHotList();
  if (list !== 'updated') throw new StoryBroken(`the hot list is ${list}`);
  narrator.tell('listed', `${holder.name} reports it; the card is on the hot list with its block order`, {
    card: toHex(holder.cardId),
    blockNumber,
    hotListVersion: site.pos.station.hotList.version,
  });
  const thief = await holder.pay(eur(10_00n));
  expectRefused(thief.outcome, 'card-listed');
  narrator.visit(
    'blocked',
    `The thief tries to pay ${shown(eur(10_00n))}: the card takes its block order and signs that it did`,
    thief.cost,
    {
      card: toHex(holder.cardId),
    },
  );
  const again = await holder.pay(eur(1_00n));
  expectRefused(again.outcome, 'card-blocked');
  narrator.visit('refused', 'He tries again: a blocked card talks to no shop', again.cost, { code: 'card-blocked' });
}

async function dayClosed(site: Installation, narrator: Narrator): Promise<void> {
  narrator.chapter('The day ends');
  const batch = closeBatch(site.pos);
  if (batch === undefined) throw new StoryBroken('there is no batch to close');
  const { acknowledged } = await upload(site.pos);
  narrator.tell(
    'batch',
    `Batch ${batch.number}: numbers ${batch.firstTn} to ${batch.lastTn}, each accounted for, signed, uploaded, acknowledged`,
    { number: batch.number, firstTn: batch.firstTn, lastTn: batch.lastTn, acknowledged: [...acknowledged] },
  );
}

interface Sale {
  readonly tn: number;
  readonly balance: Money;
  readonly points: number;
  readonly recovered: boolean;
}

function expectPaid(holder: Holder, outcome: PosOutcome): Sale {
  if (outcome.result !== 'paid') throw broken(`${holder.name} could not pay`, outcome);
  const { tn, record, recovered } = outcome;
  return { tn, balance: balanceOf(record), points: record.points, recovered };
}

function expectRefused(outcome: Visited<PosOutcome>['outcome'], code: Refusal['code']): void {
  if (outcome.result !== 'refused' || outcome.refusal.code !== code) throw broken(`no refusal "${code}"`, outcome);
}

function broken(what: string, outcome: { readonly result: string; readonly refusal?: Refusal }): StoryBroken {
  return new StoryBroken(`${what}: ${outcome.refusal?.message ?? outcome.result}`);
}

export function listOf(values: readonly Money[]): string {
  return values.length === 0 ? 'nothing' : values.map(formatMoney).join(', ');
}
