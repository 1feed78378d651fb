/** A graded run: every requirement with its evidence, the suites as a whole, what is assumed and what is not covered. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem, SuiteResult } from '../runner/result.js';
import { buildId } from '../support/build-id.js';
import { campaignFigures } from './campaigns.js';
import type { CampaignFigures } from './campaigns.js';
import { evidenceFor, strayIds } from './evidence.js';
import type { Evidence } from './evidence.js';
import { readFound } from '../support/found.js';
import type { Found } from '../support/found.js';
import { idsIn, readRequirements, requirementIds } from './requirements.js';

export interface SuiteFigures {
  readonly suite: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Tests that a fast run did not ask for. */
  readonly leftOut: number;
}

/** A test that failed, with the suite that its file belongs to. */
export interface Failed extends Problem {
  readonly suite: string;
}

/** Which run is graded. */
export interface GradedRun {
  readonly begun: Date;
  readonly ended: Date;
  /** Slow tests were left out. */
  readonly isFast: boolean;
  /** {@link buildId} when the run began; undefined where nobody can tell. */
  readonly build: string | undefined;
}

export interface Grade {
  /** Commit of the sources, with a mark where they have changed since; undefined outside a git checkout. */
  readonly sources: string | undefined;
  /** {@link buildId} of what was graded; undefined outside a git checkout. */
  readonly build: string | undefined;
  /** ISO 8601. */
  readonly begun: string;
  readonly seconds: number;
  /** Slow tests were left out. */
  readonly isFast: boolean;
  /** Sources were saved while the tests ran: nobody knows what was tested. */
  readonly isMixed: boolean;
  /** Ids in names of tests that no requirement has. */
  readonly strayIds: readonly string[];
  readonly suites: readonly SuiteFigures[];
  readonly evidence: readonly Evidence[];
  /** Of `./epurse torture` on this very build. */
  readonly campaigns: readonly CampaignFigures[];
  /** Bugs that came to light on the way. */
  readonly found: readonly Found[];
  /** What the claims rest on without proof here. */
  readonly assumed: readonly string[];
  /** What nobody claims. */
  readonly notCovered: readonly string[];
  /** Every test that failed, of whatever id or none. */
  readonly failures: readonly Failed[];
  /** Why tests were skipped, each reason once. */
  readonly skipReasons: readonly string[];
  /**
   * No test failed, every suite ran, on sources that nobody changed meanwhile, no campaign gave way on this build, and every requirement is
   * shown, if only in part.
   */
  readonly ok: boolean;
}

/**
 * @param root the project's folder
 * @param results of one run, every suite of it
 */
export function gradeOf(root: string, results: readonly SuiteResult[], run: GradedRun): Grade {
  const { begun, ended, isFast, build } = run;
  const isMixed = build !== buildId(root);
  const campaigns = campaignFigures(root, isMixed ? undefined : build);
  const evidence = readRequirements(root).map((requirement) => evidenceFor(requirement, results, campaigns));
  const suites = results.map(figuresOf);
  const stray = strayIds(idsIn, requirementIds, results);
  const model = readFileSync(join(root, 'docs', 'security-model.md'), 'utf8');
  return {
    sources: build === undefined ? undefined : commitOf(root),
    build,
    begun: begun.toISOString(),
    seconds: Math.round((ended.getTime() - begun.getTime()) / 1000),
    isFast,
    isMixed,
    strayIds: stray,
    suites,
    evidence,
    campaigns,
    found: readFound(root),
    assumed: bullets(model, 'Assumed'),
    notCovered: bullets(model, 'Not protected, and said so'),
    failures: results.flatMap(({ suite, failures }) => failures.map((one) => ({ ...one, suite }))),
    skipReasons: [...new Set(results.flatMap(({ skips }) => skips.map(({ reason }) => reason)))],
    ok:
      !isMixed &&
      stray.length === 0 &&
      suites.length > 0 &&
      suites.every(({ passed, failed }) => passed > 0 && failed === 0) &&
      campaigns.every(({ state }) => state !== 'gave way') &&
      evidence.every(({ verdict }) => verdict === 'shown' || verdict === 'shown in part'),
  };
}

function figuresOf({ suite, passes, failures, skips, leftOut = [] }: SuiteResult): SuiteFigures {
  return { suite, passed: passes.length, failed: failures.length, skipped: skips.length, leftOut: leftOut.length };
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
