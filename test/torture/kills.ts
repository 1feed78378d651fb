/** Processes of terminals and issuer that are killed, starved of disk, misled about the time, cut off; their next run mends it. */
import { root } from '../runner/run.js';
import { buildId } from '../support/build-id.js';
import { programs } from '../survival/stage/programs.js';
import { replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';
import { Databases } from './databases.js';
import { unkept } from './kept-lines.js';
import { asReached, coverageNotes, isEverywhere, merged } from './kills/coverage.js';
import { KeptSteps } from './kills/kept-steps.js';
import { nameOf, tasksOn } from './kills/tasks.js';
import type { Fates } from './kills/victims.js';
import type { Job, Suffered, Told } from './kills/worker.js';
import { grouped } from './progress.js';
import { onWorkers, workerCount } from './workers.js';

const name = 'kills';
/** Of the issuer, under load: four at most, and each takes so long of the budget, in milliseconds. */
const issuerKills = { most: 4, every: 40_000 } as const;
/** Each has its share of the tasks, and two are needed for the kinds of them to be mixed on each. */
const installations = Math.max(2, workerCount);

export const campaign: Campaign = {
  name,
  title:
    'POS, kiosk, desk and issuer killed at any step, on bad disks, with torn journals and wrong clocks, without card or issuer, in any combination; the issuer killed under load',
  unit: 'kills',
  budgetMs: (long) => (long ? 3_600_000 : 90_000),
  run,
};

async function run(options: CampaignOptions): Promise<CampaignResult> {
  const until = Date.now() + options.budgetMs;
  const databases = await Databases.open();
  try {
    return await runOn(databases, options, until);
  } finally {
    await databases.close();
  }
}

/** A long run goes to every step there is, and may be taken in pieces: the same build and seed go on where the last ended. */
async function runOn(databases: Databases, options: CampaignOptions, until: number): Promise<CampaignResult> {
  const { seed, long, report } = options;
  const kept = long ? KeptSteps.of(root, buildId(root), seed) : new KeptSteps(unkept);
  const jobs = await jobsOf(databases, options, until, kept);
  const suffered = await suffer(jobs, ({ reached: step, at }, kills) => {
    if (step !== undefined) kept.add(step);
    report({ done: kept.before.length + kills, at });
  });
  const reached = merged([...asReached(kept.before), ...suffered.flatMap((one) => one.reached)]);
  const tasks = tasksOn(databases.missing === undefined);
  const isAll = isEverywhere(reached, tasks.map(nameOf));
  const findings = findingsOf(suffered, seed, long);
  return {
    ...{ name, seed, unit: 'kills', done: kept.before.length + killsIn(suffered), findings },
    ...(long ? { isWhole: isAll } : {}),
    notes: [
      ...notes(suffered, databases.missing),
      ...coverageNotes(reached),
      ...(isAll ? [`every step of all ${tasks.length} tasks was reached`] : []),
      ...earlierNote(kept),
    ],
  };
}

/** Until the jobs are done, or one has found something. @param hear told with the kills so far */
export async function suffer(jobs: readonly Job[], hear: (told: Told, kills: number) => void): Promise<Suffered[]> {
  const waiting = [...jobs];
  const suffered: Suffered[] = [];
  const busy: number[] = jobs.map(() => 0);
  await onWorkers<Job, Told, Suffered>(
    {
      program: new URL('./kills/worker.js', import.meta.url),
      next: () => Promise.resolve(suffered.some(({ wrong }) => wrong !== undefined) ? undefined : waiting.shift()),
      hear: (told, worker) => {
        busy[worker] = told.done;
        hear(
          told,
          busy.reduce((sum, one) => sum + one, killsIn(suffered)),
        );
      },
      take: (result, worker) => {
        busy[worker] = 0;
        suffered.push(result);
      },
    },
    Math.min(jobs.length, installations),
  );
  return suffered;
}

function killsIn(suffered: readonly Suffered[]): number {
  return suffered.reduce((sum, { done }) => sum + done, 0);
}

/** The issuer under load takes a core for a while; then the installations, which last until the time is over. */
async function jobsOf(
  databases: Databases,
  { seed, long, budgetMs }: CampaignOptions,
  until: number,
  { before }: KeptSteps,
): Promise<Job[]> {
  const made = await programs();
  const installed = Array.from({ length: installations }, async (_, number): Promise<Job> => {
    const database = databases.missing === undefined ? { database: await databases.fresh() } : {};
    const share = { number, of: installations, ...(long ? { earlier: before } : {}) };
    // a piece of a long run is no repetition of the one before
    const own = long ? `${seed} ${number} ${before.length}` : `${seed} ${number}`;
    return { what: 'installation', seed: own, share, until, programs: made, ...database };
  });
  // of a long run the first piece has them
  const kills = before.length > 0 ? 0 : Math.min(issuerKills.most, Math.floor(budgetMs / issuerKills.every));
  const underLoad: Job[] = kills === 0 ? [] : [{ what: 'issuer', seed, kills }];
  return [...underLoad, ...(await Promise.all(installed))];
}

function findingsOf(suffered: readonly Suffered[], seed: number, long: boolean): Finding[] {
  return suffered.flatMap(({ wrong }) => {
    if (wrong === undefined) return [];
    const [where = '', ...rest] = wrong.message.split('\n');
    return [{ seed, where, story: [...wrong.story, ...rest], replay: replayOf(name, seed, long) }];
  });
}

function notes(suffered: readonly Suffered[], noServer: string | undefined): string[] {
  const sum = (figure: keyof Fates): string =>
    grouped(suffered.reduce((all, { fates }) => all + (fates?.[figure] ?? 0), 0));
  const underLoad = suffered.reduce((all, { what, done }) => all + (what === 'issuer' ? done : 0), 0);
  return [
    `terminals: ${sum('killed')} killed (SIGKILL), ${sum('again')} of them while they mended what went wrong before; ${sum('failed')} ended by their disk or clock, ${sum('disturbed')} left without card or issuer, ${sum('through')} got through all the same`,
    `the issuer: ${sum('issuerKilled')} times (SIGKILL) at a step of a request, ${grouped(underLoad)} times with four shops at work`,
    `${sum('combined')} runs with two troubles or more at once; each row of troubles was mended by one run`,
    `requests that arrived after later ones: ${lateOnes(suffered.flatMap(({ late }) => late))}`,
    ...(noServer === undefined ? [] : [`the issuers' ledgers were embedded ones: ${noServer}`]),
  ];
}

/** @param paths such as `/v1/synchronise` */
function lateOnes(paths: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const what = path.slice(path.lastIndexOf('/') + 1);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const each = [...counts].map(([what, count]) => `${what} ${count}`).sort();
  return each.length === 0 ? 'none' : `${paths.length} (${each.join(', ')})`;
}

function earlierNote({ before }: KeptSteps): string[] {
  if (before.length === 0) return [];
  return [`of these steps ${grouped(before.length)} were reached in earlier pieces of this run, a kill each`];
}
