/** The end of a history: everything is mended, finished and handed in, and all books are compared with the model, to the cent. */
import { reconcile } from '../../../host/issuer/jobs/reconcile.js';
import { accountBalances, partyBalances } from '../../../host/issuer/store/ledger.js';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { openOrders } from '../../../host/terminal/journal/state.js';
import { perform } from './perform.js';
import { Contradiction, freshCard } from './state.js';
import type { Model } from './state.js';
import { cardCount, inEuros, posCount } from './steps.js';
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
  if (model.retired.length > 0) await presentationWindow(model, world);
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
  const deed = { do: 'pay', card, pos, cents: 100_000, pin: 'right', earlier: 'go-on' } as const;
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
  const guilty = found.filter(({ kind }) => kind !== 'wash-sale');
  if (guilty.length > 0)
    throw new Contradiction(`somebody innocent is named: ${guilty.map(({ kind }) => kind).join(', ')}`);
  for (const [number, { holding }] of model.cards.entries()) await expectShadow(world, number, holding.cents);
  await world.settle();
  const astray = expectPaidOut(model, world);
  const owed = (await partyBalances(db, 'merchantsPayable')).reduce((sum, { money }) => sum + euros(money), 0n);
  if (owed + world.paidOut + BigInt(astray) !== BigInt(model.owed))
    throw new Contradiction(
      `${inEuros(astray)} of what merchants sold went back to holders; merchants were paid ${inEuros(world.paidOut)} and are owed ${inEuros(owed)}, and sold for ${inEuros(model.owed)}`,
    );
  const accounts = await accountBalances(db);
  for (const { account, money } of accounts) {
    if ((passing as readonly string[]).includes(account) && money.amount !== 0n)
      throw new Contradiction(`${inEuros(money.amount)} are left in ${account}`);
  }
}

/**
 * Each holder's account got what was unloaded, and what a closed card held. An order whose end no merchant ever heard of, because the
 * card was closed before, may be the holder's or the merchant's.
 *
 * @returns cents of such orders that holders got
 */
function expectPaidOut(model: Model, world: World): number {
  for (const [number, { unloaded }] of model.cards.entries())
    expectPaid(`card ${number}`, world.paidToHolder(world.card(number)), unloaded, []);
  let astray = 0;
  for (const [number, held] of world.retired.entries()) {
    const { holding, unloaded, open } = model.retired[number] ?? freshCard(posCount);
    const [paid, due] = [world.paidToHolder(held), holding.cents + unloaded];
    const unknown = open.flatMap((order) =>
      order === undefined ? [] : order.kind === 'debit' ? order.cents : -order.cents,
    );
    expectPaid(`closed card ${number}`, paid, due, unknown);
    astray += paid - due;
  }
  return astray;
}

function expectPaid(whose: string, paid: number, due: number, unknown: readonly number[]): void {
  const allowed = unknown.reduce((sums, one) => [...sums, ...sums.map((sum) => sum + one)], [due]);
  if (!allowed.includes(paid))
    throw new Contradiction(
      `the holder of ${whose} was paid ${inEuros(paid)} where ${allowed.map(inEuros).join(' or ')} was due`,
    );
}

async function expectShadow(world: World, number: number, cents: number): Promise<void> {
  const row = await world.opened.issuer.store.db
    .selectFrom('card_slot')
    .select('balance')
    .where('card_id', '=', toHex(world.card(number).cardId))
    .where('slot', '=', 0)
    .executeTakeFirstOrThrow();
  if (BigInt(row.balance) !== BigInt(cents))
    throw new Contradiction(
      `the issuer says card ${number} holds ${inEuros(BigInt(row.balance))}; it holds ${inEuros(cents)} [M11]`,
    );
}

function euros({ amount, unit }: { readonly amount: bigint; readonly unit: { readonly name: string } }): bigint {
  return unit.name === 'EUR' ? amount : 0n;
}
