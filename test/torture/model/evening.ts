/** The end of a history: everything is mended, finished and handed in, and all books are compared with the model, to the cent. */
import { reconcile } from '../../../host/issuer/jobs/reconcile.js';
import { accountBalances, partyBalances } from '../../../host/issuer/store/ledger.js';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { openOrders } from '../../../host/terminal/journal/state.js';
import { hadOfLost, inherit, lostNumbers } from './lost.js';
import { perform } from './perform.js';
import { pointsSlot } from '../../helpers/personalize.js';
import { allInWords, at, difference, inWords, nothing, plus, same } from './amounts.js';
import type { Amount, Amounts } from './amounts.js';
import { Contradiction, freshCard } from './state.js';
import type { CardModel, Model } from './state.js';
import { cardCount, posCount } from './steps.js';
import { amountOf } from './world.js';
import type { World } from './world.js';

/** Accounts on which nothing is left once everything is handed in. */
const passing = ['suspense', 'fraud', 'clearing', 'loadsInFlight'] as const;

/** @throws Contradiction where any book says otherwise */
export async function evening(model: Model, world: World): Promise<void> {
  const quiet = { trouble: {} };
  await perform(model, world, { deed: { do: 'restart', torn: false }, ...quiet });
  await perform(model, world, { deed: { do: 'arrive' }, ...quiet });
  for (let card = 0; card < cardCount; card++) {
    if (model.cards[card]?.isRetired === true) await perform(model, world, { deed: { do: 'retire', card }, ...quiet });
    await perform(model, world, { deed: { do: 'found', card }, ...quiet });
    const { tries, isPinUnsure } = model.cards[card] ?? freshCard(posCount);
    if (isPinUnsure || tries[1] === 0) await perform(model, world, { deed: { do: 'new-pin', card }, ...quiet });
  }
  for (let pos = 0; pos < posCount; pos++) await perform(model, world, { deed: { do: 'fetch', pos }, ...quiet });
  for (let round = 0; round < 2; round++) {
    for (let card = 0; card < cardCount; card++) {
      await perform(model, world, { deed: { do: 'balance', card, pin: 'right' }, ...quiet });
      for (let pos = 0; pos < posCount; pos++) await settleOpen(model, world, card, pos);
    }
    for (let pos = 0; pos < posCount; pos++) await perform(model, world, { deed: { do: 'hand-in', pos }, ...quiet });
  }
  if (model.retired.length > 0 || lostNumbers(model).length > 0) await presentationWindow(model, world);
  await inherit(model, world);
  await compare(model, world);
}

/** Longer than what merchants have to present what they sold to a card that was closed. */
const aMonth = 31 * 24 * 60;

/** What was left open with cards that are gone is asked for in time; afterwards their balances fall due. */
async function presentationWindow(model: Model, world: World): Promise<void> {
  const quiet = { trouble: {} };
  for (const wait of [aMonth, 0]) {
    for (let pos = 0; pos < posCount; pos++) {
      await world.askAboutOpen(pos);
      await perform(model, world, { deed: { do: 'hand-in', pos }, ...quiet });
    }
    await perform(model, world, { deed: { do: 'wait', minutes: wait }, ...quiet });
    await world.settle();
  }
}

/** Meets the card once more: whatever was open is closed. Asks for more than any card holds, so nothing is bought. */
async function settleOpen(model: Model, world: World, card: number, pos: number): Promise<void> {
  const deed = { do: 'pay', card, pos, slot: 0, amount: 100_000, pin: 'right', earlier: 'go-on' } as const;
  await perform(model, world, { deed, trouble: {} });
  const left = openOrders(world.pos(pos).journal.state).filter(
    ({ cardId }) => toHex(cardId) === toHex(world.card(card).cardId),
  );
  if (left.length > 0) throw new Contradiction(`POS ${pos} has ${left.length} open entries after it met the card`);
}

async function compare(model: Model, world: World): Promise<void> {
  const { issuer } = world.opened;
  const { db } = issuer.store;
  const { holds, differences, found } = await reconcile(issuer);
  if (!holds) throw new Contradiction('the money equation does not hold [M1]');
  if (differences.length > 0) throw new Contradiction(`the books differ: ${differences.join('; ')}`);
  const allowed = ['wash-sale', ...(isInDebt(model, world) ? ['merchant-in-debt'] : [])];
  const guilty = found.filter(({ kind }) => !allowed.includes(kind));
  if (guilty.length > 0)
    throw new Contradiction(`somebody innocent is named: ${[...new Set(guilty.map(({ kind }) => kind))].join(', ')}`);
  for (const [number, { holding }] of model.cards.slice(0, cardCount).entries())
    await expectShadow(world, number, holding);
  await world.settle();
  const astray = await expectPaidOut(model, world);
  const owed = (await partyBalances(db, 'merchantsPayable')).reduce(
    (sum, { money }) => plus(sum, amountOf(money)),
    nothing,
  );
  expectMerchantsPaid(model, world, owed, astray);
  const accounts = await accountBalances(db);
  for (const { account, money } of accounts) {
    if ((passing as readonly string[]).includes(account) && money.amount !== 0n)
      throw new Contradiction(`${inWords(amountOf(money))} are left in ${account}`);
  }
}

/** Paid for a sale that was cancelled afterwards, and a month without another: that is no accusation, but true. */
function isInDebt({ owed }: Model, { paidOut }: World): boolean {
  return difference(owed, paidOut).some((left) => left < 0);
}

/** An order whose end no merchant ever heard of, because the card was closed before, may be the holder's or the merchant's. */
function unknownEnds(gone: readonly CardModel[]): Amount[] {
  return gone.flatMap(({ open }) =>
    open.flatMap((order) =>
      order === undefined ? [] : { slot: order.slot, amount: order.kind === 'debit' ? order.amount : -order.amount },
    ),
  );
}

/** Each holder's account got what was unloaded, and what a closed card held, points apart. @returns what holders got of {@link unknownEnds} */
async function expectPaidOut(model: Model, world: World): Promise<Amounts> {
  for (const [number, { loaded, unloaded }] of model.cards.slice(0, cardCount).entries()) {
    const funded = await world.fundedFor(world.card(number));
    expectOneOf([loaded], funded, `[M3] for loads of card ${number} there were paid`);
    expectOneOf([unloaded], world.paidToHolder(world.card(number)), `the holder of card ${number} was paid`);
  }
  let astray = nothing;
  for (const [number, held] of world.retired.entries()) {
    const card = model.retired[number] ?? freshCard(posCount);
    expectOneOf([card.loaded], await world.fundedFor(held), `[M3] for loads of closed card ${number} there were paid`);
    astray = sum(astray, expectDue(card, world.paidToHolder(held), `the holder of closed card ${number} was paid`));
  }
  for (const number of lostNumbers(model)) {
    const card = model.cards[number] ?? freshCard(posCount);
    const never = difference(await world.fundedFor(world.card(number)), card.loaded);
    const had = difference(await hadOfLost(model, world, number), never);
    astray = sum(
      astray,
      expectDue(card, had, `of lost card ${number}, but for loads that never reached it, its holder has`),
    );
  }
  return astray;
}

/** What a card that is gone held and unloaded, points apart. @returns what its holder has beyond that, of {@link unknownEnds} */
function expectDue(card: CardModel, had: Amounts, what: string): Amounts {
  const due = nothing.map((_, slot) => (slot === pointsSlot ? 0 : at(card.holding, slot)) + at(card.unloaded, slot));
  const unknown = unknownEnds([card]).filter(({ slot }) => slot !== pointsSlot);
  expectOneOf(withAnyOf(due, unknown), had, what);
  return difference(had, due);
}

/** Points are paid to nobody; whose an unknown end in points was can be seen at the merchants' only. */
function expectMerchantsPaid(model: Model, world: World, owed: Amounts, astray: Amounts): void {
  const unknown = unknownEnds([...model.retired, ...model.cards.slice(cardCount)]).filter(
    ({ slot }) => slot === pointsSlot,
  );
  const due = withAnyOf(
    difference(model.owed, astray),
    unknown.map(({ slot, amount }) => ({ slot, amount: -amount })),
  );
  expectOneOf(due, sum(owed, world.paidOut), 'merchants were paid and are owed');
}

/** The sums of `amounts` and any of the others. */
function withAnyOf(amounts: Amounts, others: readonly Amount[]): Amounts[] {
  return others.reduce((sums, other) => [...sums, ...sums.map((one) => plus(one, other))], [amounts]);
}

function expectOneOf(allowed: readonly Amounts[], found: Amounts, what: string): void {
  if (allowed.some((amounts) => same(amounts, found))) return;
  throw new Contradiction(`${what} ${allInWords(found)} where ${allowed.map(allInWords).join(' or ')} was due`);
}

async function expectShadow(world: World, number: number, holding: Amounts): Promise<void> {
  const known = await world.shadow(world.card(number));
  expectOneOf([holding], known, `[M11] in the issuer's books card ${number} holds`);
}

function sum(one: Amounts, other: Amounts): Amounts {
  return one.map((amount, slot) => amount + at(other, slot));
}
