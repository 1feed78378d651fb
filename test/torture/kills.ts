/** Processes of terminals and issuer that are killed, starved of disk, misled about the time, cut off; their next run mends it. */
import { programs } from '../survival/stage/programs.js';
import { replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';
import { Databases } from './databases.js';
import { coverageNotes } from './kills/coverage.js';
import type { Fates } from './kills/victims.js';
import type { Job, Suffered, Told } from './kills/worker.js';
import { grouped } from './progress.js';
import { onWorkers, workerCount } from './workers.js';

const name = 'kills';
/** Of the issuer, under load: it takes a core for half a minute. */
const issuerKills = { usual: 2, long: 4 } as const;
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
  const databases = await Databases.open();
  try {
    return await runOn(databases, options);
  } finally {
    await databases.close();
  }
}

async function runOn(databases: Databases, options: CampaignOptions): Promise<CampaignResult> {
  const { seed, long, report } = options;
  const jobs = await jobsOf(databases, options);
  const suffered: Suffered[] = [];
  const busy: number[] = jobs.map(() => 0);
  const done = (): number => [...suffered.map((one) => one.done), ...busy].reduce((sum, one) => sum + one, 0);
  await onWorkers<Job, Told, Suffered>(
    {
      program: new URL('./kills/worker.js', import.meta.url),
      next: () => Promise.resolve(suffered.some(({ wrong }) => wrong !== undefined) ? undefined : jobs.shift()),
      hear: (told, worker) => {
        busy[worker] = told.done;
        report({ done: done(), at: told.at });
      },
      take: (result, worker) => {
        busy[worker] = 0;
        suffered.push(result);
      },
    },
    installations,
  );
  const findings = findingsOf(suffered, seed, long);
  return { name, seed, unit: 'kills', done: done(), findings, notes: notes(suffered, databases.missing) };
}

/** The installations at once; whoever is done first kills the issuer under load. */
async function jobsOf(databases: Databases, { seed, long, budgetMs }: CampaignOptions): Promise<Job[]> {
  const until = Date.now() + budgetMs;
  const made = await programs();
  const installed = Array.from({ length: installations }, async (_, number): Promise<Job> => {
    const database = databases.missing === undefined ? { database: await databases.fresh() } : {};
    const share = { number, of: installations };
    return { what: 'installation', seed: `${seed} ${number}`, share, until, programs: made, ...database };
  });
  return [
    ...(await Promise.all(installed)),
    { what: 'issuer', seed, kills: long ? issuerKills.long : issuerKills.usual },
  ];
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
    `${sum('combined')} runs with two troubles or more at once; ${sum('late')} requests arrived after later ones; each row of troubles was mended by one run`,
    ...coverageNotes(suffered.flatMap(({ reached }) => reached)),
    ...(noServer === undefined ? [] : [`the issuers' ledgers were embedded ones: ${noServer}`]),
  ];
}
