/** Lost cards in the evening: what they held follows their holders to the cards in their place, or to their accounts, and is charged to nobody. */
import { LoadType } from '../../../host/protocol/generated/enums.js';
import { pointsSlot } from '../../helpers/personalize.js';
import { allInWords, at, difference, inWords, nothing, plus } from './amounts.js';
import type { Amounts } from './amounts.js';
import { perform } from './perform.js';
import { Contradiction, isExpired } from './state.js';
import type { Model } from './state.js';
import { cardCount } from './steps.js';
import type { World } from './world.js';

/** By number, beside the cards that people have. */
export function lostNumbers({ cards }: Model): readonly number[] {
  return cards.map((_, number) => number).slice(cardCount);
}

/** The presentation window is over: each holder loads what his lost cards held, and the bank, if it were asked, would say no. */
export async function inherit(model: Model, world: World): Promise<void> {
  for (let heir = 0; heir < cardCount; heir++) {
    for (let slot = 0; slot < pointsSlot; slot++) {
      let waiting = await waitingFor(model, world, heir, slot);
      while (waiting > 0 && room(model, heir, slot) > 0) {
        await loadFrom(model, world, { heir, slot, amount: Math.min(waiting, room(model, heir, slot)) });
        waiting = await waitingFor(model, world, heir, slot);
      }
    }
  }
}

/** @returns the largest balance of one lost card, in one slot */
async function waitingFor(model: Model, world: World, heir: number, slot: number): Promise<number> {
  const lost = lostNumbers(model).filter((number) => model.cards[number]?.heir === heir);
  const balances = await Promise.all(lost.map((number) => world.shadow(world.card(number))));
  return Math.max(0, ...balances.map((balance) => at(balance, slot)));
}

/** Nothing, where the card takes no loads any more. */
function room(model: Model, heir: number, slot: number): number {
  const card = model.cards[heir];
  if (card === undefined || isExpired(model, card)) return 0;
  return (model.rules.slots[slot]?.maxBalance ?? 0) - at(card.holding, slot);
}

interface Load {
  readonly heir: number;
  readonly slot: number;
  readonly amount: number;
}

async function loadFrom(model: Model, world: World, { heir, slot, amount }: Load): Promise<void> {
  const before = model.cards[heir]?.holding ?? nothing;
  const deed = { do: 'load', card: heir, type: LoadType.load, slot, amount, pin: 'right' } as const;
  await perform(model, world, { deed, trouble: { bank: 'no' } });
  const came = at(difference(model.cards[heir]?.holding ?? nothing, before), slot);
  if (came !== amount)
    throw new Contradiction(
      `${inWords({ slot, amount })} of a lost card wait for card ${heir}, and it got ${inWords({ slot, amount: came })}`,
    );
}

/**
 * What holders have of a lost card: paid to the account, loaded onto another card, or waiting where it cannot be loaded yet.
 *
 * @throws Contradiction where money waits for nobody
 */
export async function hadOfLost(model: Model, world: World, number: number): Promise<Amounts> {
  const card = world.card(number);
  const waiting = await world.shadow(card);
  if (at(waiting, pointsSlot) !== 0) throw new Contradiction(`points wait on lost card ${number}`);
  const heir = model.cards[number]?.heir;
  for (const [slot, amount] of waiting.entries()) {
    if (amount > 0 && (heir === undefined || room(model, heir, slot) > 0))
      throw new Contradiction(`${allInWords(waiting)} of lost card ${number} can be had by nobody`);
  }
  const loaded = await world.loadedFrom(card);
  return [waiting, loaded].reduce(
    (sum, amounts) => amounts.reduce<Amounts>((one, amount, slot) => plus(one, { slot, amount }), sum),
    world.paidToHolder(card),
  );
}
