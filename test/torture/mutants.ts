/** Mutants of the applet: whether its JUnit tests notice one small change to its bytecode. The work is done by `epurse.mutation` in Java. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../runner/run.js';
import { replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';
import { javaCampaign } from './java.js';
import { readExplanations, readVerdicts, score, vanished } from './mutation-report.js';
import type { Score } from './mutation-report.js';

/** In the short run: as many mutants, chosen by the seed. */
const sample = 150;
/** What the score is to reach, in percent; as long as it has not, the notes say so. */
const aim = 95;
/** Below this the tests have lost what they had: a finding. It is only ever raised; a sample of 150 strays by some 3 percent. */
const floor = 75;

export const campaign: Campaign = {
  name: 'mutants',
  title: "the applet with one change to its bytecode, for the applet's own tests to notice",
  unit: 'mutants',
  budgetMs: (long) => (long ? 3_600_000 : 150_000),
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
  const explanations = readExplanations(readFileSync(join(root, 'test', 'torture', 'explained-mutants.tsv'), 'utf8'));
  const found = score(readVerdicts(text), explanations);
  const total = Number(/^# mutants (\d+)$/m.exec(text)?.[1] ?? 0);
  const findings = findingsOf(found, seed, long);
  if (found.judged === total)
    findings.push(
      ...vanished(new Set(readVerdicts(text).map(({ key }) => key)), explanations).map((key) =>
        stale(key, 'there is no such mutant', seed, long),
      ),
    );
  return { name: 'mutants', seed, unit: 'mutants', done: found.judged, findings, notes: notesOf(found, total) };
}

function findingsOf(found: Score, seed: number, long: boolean): Finding[] {
  const low: Finding[] =
    found.percent < floor
      ? [
          {
            seed,
            where: `${found.percent.toFixed(1)} % of the mutants are noticed, less than ${floor} %`,
            story: found.unexplained.map(({ what, key }) => `${what} (${key})`),
            replay: replayOf('mutants', seed, long),
          },
        ]
      : [];
  return [...low, ...found.outdated.map((key) => stale(key, 'a test notices it', seed, long))];
}

/** An explanation that explains nothing. */
function stale(key: string, why: string, seed: number, long: boolean): Finding {
  return { seed, where: `explained-mutants.tsv: ${key}: ${why}`, story: [], replay: replayOf('mutants', seed, long) };
}

function notesOf(found: Score, total: number): string[] {
  const { judged, killed, percent, explained, unexplained } = found;
  return [
    `${killed} of ${judged} noticed, ${percent.toFixed(1)} %; survivors: ${explained.length} explained, ${unexplained.length} not`,
    ...(percent < aim ? [`the aim of ${aim} % is not reached`] : []),
    ...(judged < total ? [`a sample: there are ${total} mutants, --long tries them all`] : []),
    ...coverageNote(),
  ];
}

/** The line on branches that the same run has measured. */
function coverageNote(): string[] {
  const file = join(root, 'applet', 'target', 'coverage.txt');
  if (!existsSync(file)) return [];
  const [first = ''] = readFileSync(file, 'utf8').split('\n');
  return first === '' ? [] : [first];
}
