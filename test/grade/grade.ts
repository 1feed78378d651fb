/** A graded run: every requirement with its evidence, the suites as a whole, what is assumed and what is not covered. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SuiteResult } from '../runner/result.js';
import { buildId } from '../support/build-id.js';
import { campaignFigures } from './campaigns.js';
import type { CampaignFigures } from './campaigns.js';
import { evidenceFor } from './evidence.js';
import type { Evidence } from './evidence.js';
import { readRequirements } from './requirements.js';

export interface SuiteFigures {
  readonly suite: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface Grade {
  /** Commit of the sources, with a mark where they have changed since; undefined outside a git checkout. */
  readonly sources: string | undefined;
  /** ISO 8601. */
  readonly begun: string;
  readonly seconds: number;
  /** Slow tests were left out. */
  readonly isFast: boolean;
  readonly suites: readonly SuiteFigures[];
  readonly evidence: readonly Evidence[];
  /** Of `./epurse torture` on this very build. */
  readonly campaigns: readonly CampaignFigures[];
  /** What the claims rest on without proof here. */
  readonly assumed: readonly string[];
  /** What nobody claims. */
  readonly notCovered: readonly string[];
  /** Why tests were skipped, each reason once. */
  readonly skipReasons: readonly string[];
  /** No test failed, every suite ran, no campaign gave way on this build, and every requirement is shown, if only in part. */
  readonly ok: boolean;
}

/**
 * @param root the project's folder
 * @param results of one run, every suite of it
 * @param isFast whether that run left slow tests out
 */
export function gradeOf(
  root: string,
  results: readonly SuiteResult[],
  begun: Date,
  ended: Date,
  isFast = false,
): Grade {
  const evidence = readRequirements(root).map((requirement) => evidenceFor(requirement, results));
  const campaigns = campaignFigures(root, buildId(root));
  const suites = results.map(({ suite, passes, failures, skips }) => ({
    suite,
    passed: passes.length,
    failed: failures.length,
    skipped: skips.length,
  }));
  const model = readFileSync(join(root, 'docs', 'security-model.md'), 'utf8');
  return {
    sources: commitOf(root),
    begun: begun.toISOString(),
    seconds: Math.round((ended.getTime() - begun.getTime()) / 1000),
    isFast,
    suites,
    evidence,
    campaigns,
    assumed: bullets(model, 'Assumed'),
    notCovered: bullets(model, 'Not protected, and said so'),
    skipReasons: [...new Set(results.flatMap(({ skips }) => skips.map(({ reason }) => reason)))],
    ok:
      suites.length > 0 &&
      suites.every(({ passed, failed }) => passed > 0 && failed === 0) &&
      campaigns.every(({ state }) => state !== 'gave way') &&
      evidence.every(({ verdict }) => verdict === 'shown' || verdict === 'shown in part'),
  };
}

function commitOf(root: string): string | undefined {
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', root, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ', changed since'}`;
  } catch {
    return undefined;
  }
}

/** The list below a heading. @throws Error where there is none: a report without its reservations would claim too much */
export function bullets(markdown: string, heading: string): string[] {
  const [, section = ''] = markdown.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  const found = [...own.matchAll(/^\* (.+(?:\n {2}.+)*)$/gm)].map(([, text = '']) => text.replace(/\n +/g, ' '));
  if (found.length === 0) throw new Error(`docs/security-model.md has no list under "${heading}".`);
  return found;
}
