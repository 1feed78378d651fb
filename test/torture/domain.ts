/** Mutants of the issuer's rules, the protocol library and the terminals' journal: whether their pure tests notice one small change. The work is done by Stryker. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../runner/run.js';
import { runToEnd } from '../runner/process.js';
import type { Campaign, CampaignOptions, CampaignResult } from './campaign.js';
import { readReport } from './domain/report.js';
import { findingsOf, notesOf, readExplanations, score, vanished } from './mutation-report.js';
import type { Bar, Judged } from './mutation-report.js';

/** Sources with their pure tests: each a configuration of Stryker's in `domain/`. */
const parts = ['rules', 'codec'];

/** Those whose tests take a second for a mutant: minutes, so only in the long run. */
const slowParts = ['certificates', 'channel', 'proofs', 'session', 'journal'];

const bar: Bar = { campaign: 'domain', aim: 85, floor: 85, explanations: 'explained-domain-mutants.tsv' };

export const campaign: Campaign = {
  name: 'domain',
  title:
    "the issuer's rules, the protocol library and the terminals' journal with one change, for their own tests to notice",
  unit: 'mutants',
  budgetMs: (long) => (long ? 3_600_000 : 600_000),
  run,
};

async function run({ seed, long, budgetMs, report }: CampaignOptions): Promise<CampaignResult> {
  const judged: Judged[] = [];
  for (const part of long ? [...parts, ...slowParts] : parts) {
    report({ done: judged.length, at: part });
    judged.push(...(await mutantsOf(part, budgetMs)));
  }
  const reasons = readExplanations(readFileSync(join(root, 'test', 'torture', bar.explanations), 'utf8'));
  const explanations = long ? reasons : ofFiles(judged, reasons);
  const found = score(judged, explanations);
  const gone = vanished(new Set(judged.map(({ key }) => key)), explanations);
  return {
    name: 'domain',
    seed,
    unit: 'mutants',
    done: found.judged,
    isWhole: true,
    findings: findingsOf(found, gone, bar, seed, long),
    notes: [...notesOf(found, bar), ...(long ? [] : [`with --long also: ${slowParts.join(', ')}`])],
  };
}

/** The explanations of what was looked at: of the others nobody knows whether there are such mutants. */
function ofFiles(judged: readonly Judged[], reasons: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const fileOf = (key: string): string => key.slice(0, key.indexOf(':'));
  const files = new Set(judged.map(({ key }) => fileOf(key)));
  return new Map([...reasons].filter(([key]) => files.has(fileOf(key))));
}

/** @throws Error with what Stryker said, where it made no report */
async function mutantsOf(part: string, budgetMs: number): Promise<Judged[]> {
  const file = join(root, '.tools', 'stryker', `${part}.json`);
  rmSync(file, { force: true });
  const stryker = join(root, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
  const args = [stryker, 'run', join('test', 'torture', 'domain', `${part}.json`)];
  const { exitCode, output } = await runToEnd(process.execPath, args, { cwd: root, timeoutMs: budgetMs });
  if (exitCode !== 0) throw new Error(`Stryker ended with ${exitCode ?? 'no exit code'}:\n${output}`);
  return readReport(readFileSync(file, 'utf8'));
}
