/** Processes of terminals and issuer that are killed, starved of disk, misled about the time, cut off; their next run mends it. */
import { replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';
import type { Job, Suffered, Told } from './kills/worker.js';
import { grouped } from './progress.js';
import { onWorkers, workerCount } from './workers.js';

const name = 'kills';
/** Of the issuer, under load. */
const issuerKills = { usual: 4, long: 50 } as const;

export const campaign: Campaign = {
  name,
  title:
    'POS, kiosk and desk killed, on bad disks, with torn journals and wrong clocks, without card or issuer, in any combination; the issuer killed under load',
  unit: 'kills',
  budgetMs: (long) => (long ? 3_600_000 : 120_000),
  run,
};

async function run({ seed, long, budgetMs, report }: CampaignOptions): Promise<CampaignResult> {
  const jobs = jobsOf(seed, long, Date.now() + budgetMs);
  const suffered: Suffered[] = [];
  const busy: number[] = Array.from({ length: installations }, () => 0);
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
    // what they start are processes: two a core keep it busy
    installations,
  );
  return {
    name,
    seed,
    unit: 'kills',
    done: done(),
    findings: findingsOf(suffered, seed, long),
    notes: notes(suffered),
  };
}

const installations = Math.max(2, workerCount);

/** The issuer first; whoever is done with it takes terminals. */
function jobsOf(seed: number, long: boolean, until: number): Job[] {
  return [
    { what: 'issuer', seed, kills: long ? issuerKills.long : issuerKills.usual },
    ...Array.from({ length: installations }, (_, number) => ({
      what: 'terminals' as const,
      seed: `${seed} ${number}`,
      until,
    })),
  ];
}

function findingsOf(suffered: readonly Suffered[], seed: number, long: boolean): Finding[] {
  return suffered.flatMap(({ wrong }) => {
    if (wrong === undefined) return [];
    const [where = '', ...rest] = wrong.message.split('\n');
    return [{ seed, where, story: [...wrong.story, ...rest], replay: replayOf(name, seed, long) }];
  });
}

function notes(suffered: readonly Suffered[]): string[] {
  const sum = (figure: (one: Suffered) => number | undefined): string =>
    grouped(suffered.reduce((all, one) => all + (figure(one) ?? 0), 0));
  return [
    `terminals: ${sum(({ fates }) => fates?.killed)} killed (SIGKILL), ${sum(({ fates }) => fates?.failed)} ended by their disk or clock, ${sum(({ fates }) => fates?.disturbed)} left without card or issuer, ${sum(({ fates }) => fates?.through)} got through all the same; each mended by its next run`,
    `${sum(({ combined }) => combined)} with two troubles or more at once`,
    `the issuer: ${sum(({ what, done }) => (what === 'issuer' ? done : 0))} times (SIGKILL) with four shops at work`,
  ];
}
