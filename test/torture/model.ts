/** A small pure model of the scheme and the real one, side by side through random histories with every trouble there is. */
import fc from 'fast-check';
import { firstParameters } from '../../host/issuer/service/parameters.js';
import { dollar, euro, points } from '../helpers/scheme.js';
import { deadline, replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';
import { histories } from './model/commands.js';
import type { History } from './model/commands.js';
import { evening } from './model/evening.js';
import { freshCard } from './model/model.js';
import type { Model, Rules } from './model/model.js';
import { cardCount, posCount } from './model/steps.js';
import { World } from './model/world.js';
import type { PosMaker } from './model/world.js';
import { grouped } from './progress.js';

const name = 'model';
const historyLength = 150;

export const campaign: Campaign = {
  name,
  title:
    'random days of holders, merchants, thieves and faults: a pure model of the scheme and the real one agree on every cent',
  unit: 'operations',
  budgetMs: (long) => (long ? 6 * 3_600_000 : 90_000),
  run: (options) => liveBesideModel(options),
};

/** @param posMaker a bad POS, to see whether it is noticed */
export async function liveBesideModel(options: CampaignOptions, posMaker?: PosMaker): Promise<CampaignResult> {
  const { seed, budgetMs, report } = options;
  const isOver = deadline(budgetMs);
  const findings: Finding[] = [];
  let [done, days] = [0, 0];
  while (!isOver() && findings.length === 0) {
    const daySeed = seed + days;
    const finding = await day(daySeed, posMaker, Math.min(budgetMs, longestShortening), () =>
      report({ done: ++done, at: `day ${days + 1}` }),
    );
    if (finding !== undefined) findings.push({ ...finding, replay: `${replayOf(name, daySeed)} --seconds 1` });
    days++;
  }
  const notes = [
    `${grouped(days)} ${days === 1 ? 'day' : 'days'} of at most ${historyLength} deeds, each closed to the cent in the evening`,
  ];
  return { name, seed, unit: 'operations', done, findings, notes };
}

/** One history. @returns the shortest story fast-check can make of what went wrong */
async function day(
  seed: number,
  posMaker: PosMaker | undefined,
  shorteningMs: number,
  tell: () => void,
): Promise<Omit<Finding, 'replay'> | undefined> {
  let shortenUntil = Infinity;
  const property = fc.asyncProperty(histories(historyLength), async (commands) => {
    // a story that is not yet as short as it could be is better than none: what is left untried passes
    if (Date.now() > shortenUntil) return;
    try {
      await live(commands, posMaker, shortenUntil === Infinity ? tell : () => undefined);
    } catch (error) {
      shortenUntil = Math.min(shortenUntil, Date.now() + shorteningMs);
      throw error;
    }
  });
  const result = await fc.check(property, { numRuns: 1, seed });
  if (!result.failed) return undefined;
  const error = result.errorInstance;
  const [where = '', ...rest] = (error instanceof Error ? error.message : String(error)).split('\n');
  return { seed, where, story: [...storyOf(result.counterexample?.[0]), ...rest] };
}

/** How long a story that went wrong is made shorter, in milliseconds. */
const longestShortening = 60_000;

/** The history and its evening, on a world of its own. */
async function live(commands: History, posMaker: PosMaker | undefined, tell: () => void): Promise<void> {
  const world = await World.open(posMaker);
  try {
    const model = emptyModel();
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

function emptyModel(): Model {
  return { rules: rules(), cards: Array.from({ length: cardCount }, () => freshCard(posCount)), owed: 0 };
}

function rules(): Rules {
  const [purse, , loyalty] = firstParameters([euro, dollar, points]).slots;
  if (purse === undefined || loyalty === undefined) throw new Error('the scheme has too few purses');
  return { ...purse, maxPoints: loyalty.maxBalance };
}
