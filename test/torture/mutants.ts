/** Mutants of the applet: whether its JUnit tests notice one small change to its bytecode. The work is done by `epurse.mutation` in Java. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../runner/run.js';
import type { Campaign, CampaignOptions, CampaignResult } from './campaign.js';
import { coverage } from './branches.js';
import { javaCampaign } from './java.js';
import { findingsOf, notesOf, readExplanations, readVerdicts, score, vanished } from './mutation-report.js';
import type { Bar } from './mutation-report.js';

/** In the short run: as many mutants, chosen by the seed. */
const sample = 150;
/** A sample of 150 strays by some 2 percent. */
const bar: Bar = { campaign: 'mutants', aim: 95, floor: 90, explanations: 'explained-mutants.tsv' };

export const campaign: Campaign = {
  name: 'mutants',
  title: "the applet with one change to its bytecode, for the applet's own tests to notice",
  unit: 'mutants',
  // a minute or more of it measures which tests reach what, once for each version
  budgetMs: (long) => (long ? 3_600_000 : 210_000),
  run,
};

async function run({ seed, long, budgetMs, report }: CampaignOptions): Promise<CampaignResult> {
  const verdicts = join(root, 'applet', 'target', long ? 'mutation.txt' : `mutation-${seed}.txt`);
  report({ done: 0, at: long ? 'every mutant' : `${sample} mutants` });
  await javaCampaign('epurse.mutation.Campaign', budgetMs, {
    'mutation.report': verdicts,
    'mutation.seconds': String(Math.max(10, Math.round(budgetMs / 1000) - 60)),
    ...(long ? {} : { 'mutation.sample': String(sample), 'mutation.seed': String(seed) }),
  });
  const text = readFileSync(verdicts, 'utf8');
  const explanations = readExplanations(readFileSync(join(root, 'test', 'torture', bar.explanations), 'utf8'));
  const judged = readVerdicts(text);
  const found = score(judged, explanations);
  const total = Number(/^# mutants (\d+)$/m.exec(text)?.[1] ?? 0);
  const gone = found.judged === total ? vanished(new Set(judged.map(({ key }) => key)), explanations) : [];
  const branches = coverage(seed, long);
  return {
    name: 'mutants',
    seed,
    unit: 'mutants',
    done: found.judged,
    isWhole: found.judged === (long ? total : Math.min(sample, total)),
    findings: [...findingsOf(found, gone, bar, seed, long), ...branches.findings],
    notes: [
      ...notesOf(found, bar),
      ...(found.judged < total ? [`a sample: there are ${total} mutants, --long tries them all`] : []),
      ...branches.notes,
    ],
  };
}
