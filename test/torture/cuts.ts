/** Power cuts at every persistent write of every command of every dialogue, again in each recovery, and so on. */
import { sequence } from '../helpers/sequence.js';
import { allFlows } from '../tear/flows/all.js';
import type { AnyFlow } from '../tear/flow.js';
import { tearSource } from '../tear/source.js';
import { deadline, replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';
import { Exploration } from './cuts/exploration.js';
import { grouped } from './progress.js';

const name = 'cuts';
/** Cuts in a row: so many for every dialogue before any gets more. */
const usualDepth = 3;
const longDepth = 8;

export const campaign: Campaign = {
  name,
  title: 'power fails before each persistent write of each command, after the last, and again in each recovery',
  unit: 'cuts',
  budgetMs: (long) => (long ? 3_600_000 : 90_000),
  run: (options) => cutEverything(allFlows(tearSource), options),
};

/** @param flows of the applet, or of a changed one to see whether it is noticed */
export async function cutEverything(flows: readonly AnyFlow[], options: CampaignOptions): Promise<CampaignResult> {
  const { seed, long, report } = options;
  const isOver = deadline(options.budgetMs);
  const explorations = shuffled(flows, seed).map((flow) => new Exploration(flow));
  const cuts = (): number => explorations.reduce((sum, one) => sum + one.cuts, 0);
  let depth = 0;
  while (depth < (long ? longDepth : usualDepth) && !explorations.every(({ isClosed }) => isClosed)) {
    for (const one of explorations)
      await one.deepen(isOver, () => report({ done: cuts(), at: `${depth + 1} in a row: ${one.name}` }));
    if (isOver()) break;
    depth++;
  }
  const findings = explorations.flatMap((one) => one.findings.map((each) => findingOf(one, each, seed, long)));
  return { name, seed, unit: 'cuts', done: cuts(), findings, notes: notes(explorations, depth) };
}

function findingOf(
  one: Exploration,
  { story, message }: Exploration['findings'][number],
  seed: number,
  long: boolean,
): Finding {
  const [first = '', ...rest] = message.split('\n');
  return { seed, where: `${one.name}: ${first}`, story: [...story, ...rest], replay: replayOf(name, seed, long) };
}

function notes(explorations: readonly Exploration[], depth: number): string[] {
  const verdicts = new Map<string, number>();
  for (const [verdict, count] of explorations.flatMap((one) => [...one.verdicts]))
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + count);
  const sum = (figure: (one: Exploration) => number): number => explorations.reduce((all, one) => all + figure(one), 0);
  const rows = Array.from({ length: depth }, (_, index) =>
    explorations.reduce((all, one) => all + one.sequences(index + 1), 0n),
  );
  const closed = explorations.filter(({ isClosed }) => isClosed).length;
  return [
    `left: ${[...verdicts].map(([verdict, count]) => `${grouped(count)} ${verdict}`).join(', ')}`,
    `${grouped(sum(({ states }) => states))} different states, each audited, recovered from, and audited again`,
    ...rows.map(
      (count, index) => `${count.toLocaleString('en-US')} rows of ${index + 1} ${index === 0 ? 'cut' : 'cuts'} covered`,
    ),
    `${closed} of ${explorations.length} dialogues reach nothing new, however many cuts come in a row`,
    `${sum(({ blocked }) => blocked)} of the states end with a card that cuts in PIN checks have blocked, a try each [M8]`,
    `largest transaction ${Math.max(...explorations.map(({ largestCommit }) => largestCommit))} bytes`,
    ...(explorations.every(({ isClosed }) => isClosed) || depth > 0
      ? []
      : ['time ran out before every dialogue was cut once']),
  ];
}

/** Where time runs out, other seeds have looked at other things. */
function shuffled(flows: readonly AnyFlow[], seed: number): AnyFlow[] {
  const below = sequence(`cuts ${seed}`);
  return flows
    .map((flow) => ({ flow, place: below(1_000_000) }))
    .sort((a, b) => a.place - b.place)
    .map(({ flow }) => flow);
}
