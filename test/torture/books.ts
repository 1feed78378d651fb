/**
 * Random histories of the issuer's books on both databases. Histories are independent, each with a seed of its own (the campaign's, and
 * one more for each further one), so a long look can be taken in pieces: a run of the same build and seed goes on where the last ended.
 */
import { root } from '../runner/run.js';
import { buildId } from '../support/build-id.js';
import type { Job, Lasted } from './books/worker.js';
import { deadline, replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';
import { Databases } from './databases.js';
import { Lived } from './lived.js';
import type { Database } from './lived.js';
import { grouped } from './progress.js';
import { onWorkers } from './workers.js';

const name = 'books';
/** Opening a store costs as much as a hundred steps; the longer a history, the dearer each look at all of it. */
const historyLength = { short: 500, long: 1000 } as const;
/** Of a long run, on each database: 100,000 steps. */
const longHistories = 100;

export const campaign: Campaign = {
  name,
  title:
    'what terminals say to the issuer, at random, on both databases: repeated, late, spoiled and several at once; the books balance after each',
  unit: 'operations',
  budgetMs: (long) => (long ? 2 * 3_600_000 : 60_000),
  run,
};

async function run({ seed, long, budgetMs, report }: CampaignOptions): Promise<CampaignResult> {
  const lived = long ? Lived.of(root, buildId(root), name, seed) : Lived.afresh();
  const length = long ? historyLength.long : historyLength.short;
  const isOver = deadline(budgetMs);
  const findings: Finding[] = [];
  const databases = await Databases.open();
  const all: readonly Database[] = databases.missing === undefined ? ['PGlite', 'PostgreSQL'] : ['PGlite'];
  const total = long ? { of: longHistories * length * all.length } : {};
  let begun = 0;
  try {
    await onWorkers<Job, never, Lasted>({
      program: new URL('./books/worker.js', import.meta.url),
      // history by history on each database; a short run lives the first of each at least
      next: async () => {
        for (; findings.length === 0 && !(long && begun >= longHistories * all.length); begun++) {
          if (isOver() && (long || begun >= all.length)) return undefined;
          const database = all[begun % all.length] as Database;
          const historySeed = seed + Math.floor(begun / all.length);
          if (lived.has(database, historySeed)) continue;
          begun++;
          report({ done: lived.steps, ...total, at: `history ${historySeed - seed + 1} on ${database}` });
          return {
            seed: historySeed,
            length,
            url: database === 'PGlite' ? undefined : await databases.fresh(),
          };
        }
        return undefined;
      },
      hear: () => undefined,
      take: async ({ job, wrong }) => {
        if (job.url !== undefined) await databases.drop(job.url);
        const database = job.url === undefined ? 'PGlite' : 'PostgreSQL';
        if (wrong === undefined) lived.add(database, job.seed, job.length);
        else findings.push(findingOf(database, job.seed, wrong, long));
      },
    });
  } finally {
    await databases.close();
  }
  const notes = lived.perDatabase().map(([database, steps]) => `${grouped(steps)} on ${database}`);
  if (databases.missing !== undefined) notes.push(`not on a server: ${databases.missing}`);
  return { name, seed, unit: 'operations', done: lived.steps, findings, notes };
}

function findingOf(database: Database, seed: number, wrong: string, long: boolean): Finding {
  const [where = '', ...story] = wrong.split('\n');
  return { seed, where: `${database}: ${where}`, story, replay: `${replayOf(name, seed, long)} --seconds 1` };
}
