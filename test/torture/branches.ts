/** Branches of the applet that no JUnit test takes, as the campaign `mutants` measures them, beside the reasons for those that none can. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../runner/run.js';
import { replayOf } from './campaign.js';
import type { Finding } from './campaign.js';
import { readExplanations } from './mutation-report.js';

/** Percent of the branches that the tests are to take, and below which they have lost what they had. */
const aim = 98;

const explanationsFile = 'unreached-branches.tsv';

export interface Coverage {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** Reads what the last run of the campaign has measured. */
export function coverage(seed: number, long: boolean): Coverage {
  const measured = readFileSync(join(root, 'applet', 'target', 'coverage.txt'), 'utf8');
  const explained = readFileSync(join(root, 'test', 'torture', explanationsFile), 'utf8');
  return judgeCoverage(measured, explained, replayOf('mutants', seed, long), seed);
}

/**
 * @param measured a line such as `1100 of 1112 branches taken, 98.9 %`, then key, tab and line of each that is not
 * @param explained key, tab and reason of those that no test can take
 */
export function judgeCoverage(measured: string, explained: string, replay: string, seed: number): Coverage {
  const [summary = '', ...missed] = measured.split('\n').filter((line) => line !== '');
  const [, taken, all] = /^(\d+) of (\d+) branches taken/.exec(summary) ?? [];
  if (taken === undefined || all === undefined) throw new Error(`not a measure of branches: ${summary}`);
  const reasons = readExplanations(explained);
  const keys = new Set(missed.map((line) => line.split('\t')[0] ?? ''));
  const open = [...keys].filter((key) => !reasons.has(key));
  const finding = (where: string, story: readonly string[] = []): Finding => ({ seed, where, story, replay });
  return {
    notes: [`${summary}; not taken: ${keys.size - open.length} explained, ${open.length} not`],
    findings: [
      ...(100 * Number(taken) < aim * Number(all) ? [finding(`${summary}, less than ${aim} %`, open)] : []),
      ...[...reasons.keys()]
        .filter((key) => !keys.has(key))
        .map((key) => finding(`${explanationsFile}: ${key}: a test takes it, or there is no such branch`)),
    ],
  };
}
