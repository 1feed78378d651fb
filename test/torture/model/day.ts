/** One day: a random history beside the model, and its evening; one that goes wrong is made as short as it can be. */
import fc from 'fast-check';
import { firstParameters } from '../../../host/issuer/service/parameters.js';
import { openMemoryStore } from '../../../host/issuer/store/embedded.js';
import { openServerStore } from '../../../host/issuer/store/server.js';
import { dollar, euro, points } from '../../helpers/scheme.js';
import { histories } from './commands.js';
import type { History } from './commands.js';
import { evening } from './evening.js';
import { newModel } from './state.js';
import type { Rules } from './state.js';
import { cardCount, posCount } from './steps.js';
import { World } from './world.js';
import type { PosMaker } from './world.js';

export const historyLength = 150;

export interface Day {
  readonly seed: number;
  /** Of an empty database for the issuer; PGlite in memory, unless given. A story is made shorter on PGlite always. */
  readonly database?: string;
  /** How long a story that went wrong is made shorter, in milliseconds. */
  readonly shorteningMs: number;
  /** A bad POS, to see whether it is noticed. */
  readonly posMaker?: PosMaker;
}

export interface WentWrong {
  readonly where: string;
  /** The shortest that was found in time. */
  readonly story: readonly string[];
}

/** @param tell after each deed of the day itself */
export async function day(
  { seed, database, shorteningMs, posMaker }: Day,
  tell: () => void,
): Promise<WentWrong | undefined> {
  let shortenUntil = Infinity;
  const property = fc.asyncProperty(histories(historyLength), async (commands) => {
    // a story that is not yet as short as it could be is better than none: what is left untried passes
    if (Date.now() > shortenUntil) return;
    const isFirst = shortenUntil === Infinity;
    const store = await (isFirst && database !== undefined ? openServerStore(database) : openMemoryStore());
    try {
      await live(commands, await World.open(store, posMaker), isFirst ? tell : () => undefined);
    } catch (error) {
      shortenUntil = Math.min(shortenUntil, Date.now() + shorteningMs);
      throw error;
    }
  });
  const result = await fc.check(property, { numRuns: 1, seed });
  if (!result.failed) return undefined;
  const error = result.errorInstance;
  const [where = '', ...rest] = (error instanceof Error ? error.message : String(error)).split('\n');
  return { where, story: [...storyOf(result.counterexample?.[0]), ...rest] };
}

async function live(commands: History, world: World, tell: () => void): Promise<void> {
  try {
    const model = newModel(rules(), cardCount, posCount);
    await fc.asyncModelRun(() => ({ model, real: world }), telling(commands, tell));
    await evening(model, world);
  } finally {
    await world.close();
  }
}

/** The same commands, each of which says when it is done. */
function telling(commands: History, tell: () => void): History {
  return [...commands].map((command) => ({
    check: (model) => command.check(model),
    run: async (model, world) => {
      await command.run(model, world);
      tell();
    },
    toString: () => command.toString(),
  }));
}

function storyOf(commands: unknown): string[] {
  return String(commands)
    .replace(/\/\*replayPath=.*\*\//, '')
    .split(',')
    .map((line) => line.trim());
}

function rules(): Rules {
  const [purse, , loyalty] = firstParameters([euro, dollar, points]).slots;
  if (purse === undefined || loyalty === undefined) throw new Error('the scheme has too few purses');
  return { ...purse, maxPoints: loyalty.maxBalance };
}
