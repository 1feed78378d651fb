/** A small pure model of the scheme and the real one, side by side through random histories with every trouble there is. */
import { root } from '../runner/run.js';
import { buildId } from '../support/build-id.js';
import { deadline, replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';
import { Databases } from './databases.js';
import { Lived } from './lived.js';
import { day } from './model/day.js';
import { historyOf, longest } from './model/draw.js';
import type { WentWrong } from './model/day.js';
import type { Job, Lasted } from './model/worker.js';
import type { PosMaker } from './model/world.js';
import { grouped } from './progress.js';
import { onWorkers } from './workers.js';

const name = 'model';
/** Of a long run. */
const longOperations = 1_000_000;
/** One day in so many has its ledger on PGlite, the others on a server, which takes a third of the time. */
const embeddedEvery = 4;
/** How long a story that went wrong is made shorter, in milliseconds; whoever replays a day for a second wants its story too. */
const longestShortening = 120_000;

export const campaign: Campaign = {
  name,
  title:
    'random days of holders, merchants, thieves and faults: a pure model of the scheme and the real one agree on every cent',
  unit: 'operations',
  budgetMs: (long) => (long ? 6 * 3_600_000 : 90_000),
  run: (options) => liveOnAllCores(options),
};

/**
 * Days are independent, each with a seed of its own, so a long run can be taken in pieces: the same build and seed go on where the last ended.
 *
 * @param atLeast operations that are lived through whatever the time, in the days from the seed on
 */
export async function liveOnAllCores(
  { seed, long, budgetMs, report }: CampaignOptions,
  atLeast = 1,
): Promise<CampaignResult> {
  const lived = long ? Lived.of(root, buildId(root), name, seed) : Lived.afresh();
  const isOver = deadline(budgetMs);
  const findings: Finding[] = [];
  const databases = await Databases.open();
  /** Deeds of each worker's day so far. */
  const busy: number[] = [];
  let next = seed;
  let handedOut = 0;
  const done = (): number => lived.steps + busy.reduce((sum, deeds) => sum + deeds, 0);
  try {
    await onWorkers<Job, number, Lasted>({
      program: new URL('./model/worker.js', import.meta.url),
      next: async () => {
        while (lived.has('PGlite', next) || lived.has('PostgreSQL', next)) next++;
        const isEnough = isOver() && handedOut >= atLeast;
        if (findings.length > 0 || isEnough || (long && lived.steps >= longOperations)) return undefined;
        const daySeed = next++;
        handedOut += historyOf(daySeed).length;
        const isEmbedded = databases.missing !== undefined || daySeed % embeddedEvery === 0;
        return {
          seed: daySeed,
          shorteningMs: longestShortening,
          ...(isEmbedded ? {} : { database: await databases.fresh() }),
        };
      },
      hear: (count, worker) => {
        busy[worker] = count;
        report({ done: done(), ...(long ? { of: longOperations } : {}), at: `day ${next - seed}` });
      },
      take: async ({ job, operations, wrong }, worker) => {
        busy[worker] = 0;
        if (job.database !== undefined) await databases.drop(job.database);
        if (wrong === undefined) lived.add(job.database === undefined ? 'PGlite' : 'PostgreSQL', job.seed, operations);
        else findings.push(findingOf(wrong, job.seed));
      },
    });
  } finally {
    await databases.close();
  }
  const notes = [
    `${grouped(lived.count)} days of at most ${longest} deeds, each closed to the cent in the evening`,
    ...lived.perDatabase().map(([database, steps]) => `${grouped(steps)} with the ledger on ${database}`),
    ...(databases.missing === undefined ? [] : [`not on a server: ${databases.missing}`]),
  ];
  return { name, seed, unit: 'operations', done: lived.steps, findings, notes };
}

/** One day after the other, in this process. @param posMaker a bad POS, to see whether it is noticed */
export async function liveBesideModel(options: CampaignOptions, posMaker?: PosMaker): Promise<CampaignResult> {
  const { seed, budgetMs, report } = options;
  const isOver = deadline(budgetMs);
  const findings: Finding[] = [];
  let [done, days] = [0, 0];
  while (!isOver() && findings.length === 0) {
    const daySeed = seed + days++;
    const bad = posMaker === undefined ? {} : { posMaker };
    const wrong = await day({ seed: daySeed, shorteningMs: Math.min(budgetMs, longestShortening), ...bad }, () =>
      report({ done: ++done, at: `day ${days}` }),
    );
    if (wrong !== undefined) findings.push(findingOf(wrong, daySeed));
  }
  return { name, seed, unit: 'operations', done, findings, notes: [`${grouped(days)} days`] };
}

function findingOf({ where, story }: WentWrong, seed: number): Finding {
  return { seed, where, story, replay: `${replayOf(name, seed)} --seconds 1` };
}
