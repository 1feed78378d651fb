/** Mutants of the issuer's rules and of the protocol library: whether their pure tests notice one small change. The work is done by Stryker. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../runner/run.js';
import { runToEnd } from '../runner/process.js';
import type { Campaign, CampaignOptions, CampaignResult } from './campaign.js';
import { readReport } from './domain/report.js';
import { findingsOf, notesOf, readExplanations, score, vanished } from './mutation-report.js';
import type { Bar, Judged } from './mutation-report.js';

/** Sources with their pure tests: each a configuration of Stryker's in `domain/`. */
const parts = ['rules', 'codec'] as const;

const bar: Bar = { campaign: 'domain', aim: 85, floor: 85, explanations: 'explained-domain-mutants.tsv' };

export const campaign: Campaign = {
  name: 'domain',
  title: "the issuer's rules and the codecs of the wire with one change, for their own tests to notice",
  unit: 'mutants',
  budgetMs: () => 600_000,
  run,
};

async function run({ seed, long, budgetMs, report }: CampaignOptions): Promise<CampaignResult> {
  const judged: Judged[] = [];
  for (const part of parts) {
    report({ done: judged.length, at: part });
    judged.push(...(await mutantsOf(part, budgetMs)));
  }
  const explanations = readExplanations(readFileSync(join(root, 'test', 'torture', bar.explanations), 'utf8'));
  const found = score(judged, explanations);
  const gone = vanished(new Set(judged.map(({ key }) => key)), explanations);
  return {
    name: 'domain',
    seed,
    unit: 'mutants',
    done: found.judged,
    isWhole: true,
    findings: findingsOf(found, gone, bar, seed, long),
    notes: notesOf(found, bar),
  };
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
