/** A clock that jumps: everything is mended and compared as in an evening, and the next day is years later, when cards expire. */
import { evening } from './evening.js';
import { passTime, perform } from './perform.js';
import type { Done } from './perform.js';
import type { Model } from './state.js';
import { cardCount, posCount } from './steps.js';
import type { World } from './world.js';

/** Terminals have new certificates by then: theirs last shorter than a card. @param toSpare minutes before the first card expires */
export async function yearsLater(model: Model, world: World, toSpare: number): Promise<Done> {
  await evening(model, world);
  const inUse = model.cards.slice(0, cardCount).map(({ expiresAt }) => expiresAt - toSpare);
  const next = Math.min(...inUse.filter((minute) => minute > model.now));
  if (Number.isFinite(next)) passTime(model, world, next - model.now);
  world.stop();
  await world.renew();
  world.start();
  for (let pos = 0; pos < posCount; pos++) await perform(model, world, { deed: { do: 'fetch', pos }, trouble: {} });
  return { met: {}, isIdle: false };
}
