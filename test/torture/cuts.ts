/** Power cuts at every persistent write of every command of every dialogue, again in each recovery, and so on. */
import { sequence } from '../helpers/sequence.js';
import { allFlows, usedCardFlows } from '../tear/flows/all.js';
import { tearSource } from '../tear/source.js';
import type { AnyFlow } from '../tear/flow.js';
import { deadline, replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';
import { Exploration } from './cuts/exploration.js';
import type { Explored } from './cuts/explored.js';
import type { Job, Told } from './cuts/worker.js';
import { grouped } from './progress.js';
import { onWorkers } from './workers.js';

const name = 'cuts';
/** Cuts in a row. */
const usualDepth = 3;
const longDepth = 5;

type Asked = Pick<CampaignOptions, 'seed' | 'long'>;

export const campaign: Campaign = {
  name,
  title: 'power fails before each persistent write of each command, after the last, and again in each recovery',
  unit: 'cuts',
  budgetMs: (long) => (long ? 3_600_000 : 90_000),
  run: cutOnAllCores,
};

/** Every dialogue on the usual card, then again and again on cards with other pasts, until time is out. */
async function cutOnAllCores({ seed, long, budgetMs, report }: CampaignOptions): Promise<CampaignResult> {
  const until = Date.now() + budgetMs;
  const jobs = jobsOf({ seed, long }, until);
  const explored: Explored[] = [];
  const busy: number[] = [];
  const cuts = (): number => explored.reduce((sum, one) => sum + one.cuts, 0) + busy.reduce((sum, one) => sum + one, 0);
  await onWorkers<Job, Told, Explored>({
    program: new URL('./cuts/worker.js', import.meta.url),
    next: () => {
      const isOver = Date.now() >= until || explored.some(({ findings }) => findings.length > 0);
      return Promise.resolve(isOver ? undefined : jobs.next().value);
    },
    hear: (told, worker) => {
      busy[worker] = told.cuts;
      report({ done: cuts(), at: told.at });
    },
    take: (result, worker) => {
      busy[worker] = 0;
      explored.push(result);
    },
  });
  return resultOf(explored, { seed, long });
}

function* jobsOf({ seed, long }: Asked, until: number): Generator<Job, undefined> {
  const rest = { deepest: long ? longDepth : usualDepth, until };
  const namesOf = (flows: readonly AnyFlow[], label: string): string[] =>
    shuffled(flows, label).map((flow) => flow.name);
  for (const dialogue of namesOf(allFlows(tearSource), `cuts ${seed}`)) yield { dialogue, past: undefined, ...rest };
  for (let round = 1; ; round++) {
    for (const dialogue of namesOf(usedCardFlows(tearSource), `cuts ${seed} ${round}`))
      yield { dialogue, past: `${seed} ${round} ${dialogue}`, ...rest };
  }
}

/** In this process. @param flows of the applet, or of a changed one to see whether it is noticed */
export async function cutEverything(flows: readonly AnyFlow[], options: CampaignOptions): Promise<CampaignResult> {
  const isOver = deadline(options.budgetMs);
  const explorations = flows.map((flow) => new Exploration(flow, usualDepth));
  for (const one of explorations) await one.exhaust(isOver, () => options.report({ done: one.cuts, at: one.name }));
  return resultOf(
    explorations.map(({ explored }) => explored),
    options,
  );
}

function resultOf(explored: readonly Explored[], { seed, long }: Asked): CampaignResult {
  const findings = explored.flatMap((one) => one.findings.map((each) => findingOf(one, each, { seed, long })));
  const done = explored.reduce((sum, { cuts }) => sum + cuts, 0);
  return { name, seed, unit: 'cuts', done, findings, notes: notes(explored) };
}

function findingOf(one: Explored, { story, message }: Explored['findings'][number], { seed, long }: Asked): Finding {
  const [first = '', ...rest] = message.split('\n');
  const card = one.past === undefined ? [] : [`a card with the past "${one.past}"`];
  return {
    seed,
    where: `${one.name}: ${first}`,
    story: [...card, ...story, ...rest],
    replay: replayOf(name, seed, long),
  };
}

function notes(explored: readonly Explored[]): string[] {
  const sum = (figure: (one: Explored) => number): number => explored.reduce((all, one) => all + figure(one), 0);
  const done = explored.filter(({ isDone }) => isDone);
  const pasts = new Set(explored.map(({ past }) => past)).size;
  return [
    `left: ${verdictsOf(explored)}`,
    `${grouped(sum(({ states }) => states))} different states, each audited, recovered from, and audited again`,
    `${grouped(explored.length)} beginnings: ${new Set(explored.map(({ name: dialogue }) => dialogue)).size} dialogues, ${grouped(pasts)} pasts of the card; ${grouped(done.length)} cut down to the last cut in a row`,
    ...rowsOf(explored),
    `${explored.filter(({ isClosed }) => isClosed).length} of ${explored.length} reach nothing new, however many cuts come in a row`,
    `${sum(({ blocked }) => blocked)} of the states end with a card that cuts in PIN checks have blocked, a try each [M8]`,
    `largest transaction ${Math.max(0, ...explored.map(({ largestCommit }) => largestCommit))} bytes`,
  ];
}

function verdictsOf(explored: readonly Explored[]): string {
  const verdicts = new Map<string, number>();
  for (const [verdict, count] of explored.flatMap((one) => [...one.verdicts]))
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + count);
  return [...verdicts].map(([verdict, count]) => `${grouped(count)} ${verdict}`).join(', ');
}

function rowsOf(explored: readonly Explored[]): string[] {
  const longest = Math.max(0, ...explored.map(({ rows }) => rows.length));
  return Array.from({ length: longest }, (_, index) => {
    const count = explored.reduce((all, { rows }) => all + (rows[index] ?? 0n), 0n);
    return `${count.toLocaleString('en-US')} rows of ${index + 1} ${index === 0 ? 'cut' : 'cuts'} covered`;
  });
}

/** Where time runs out, other seeds have looked at other things. */
function shuffled(flows: readonly AnyFlow[], label: string): AnyFlow[] {
  const below = sequence(label);
  return flows
    .map((flow) => ({ flow, place: below(1_000_000) }))
    .sort((a, b) => a.place - b.place)
    .map(({ flow }) => flow);
}
