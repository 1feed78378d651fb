/** What one run of the tests says about one requirement. Whatever did not run says nothing, and nothing is no evidence. */
import type { Pass, Problem, Skip, SuiteResult } from '../runner/result.js';
import { saysRefusal } from '../support/refusal-words.js';
import { campaignsThatGaveWay } from './campaigns.js';
import type { CampaignFigures } from './campaigns.js';
import { carries } from './requirements.js';
import type { Requirement } from './requirements.js';

/**
 * `shown`: tests of what works and of what is refused ran and passed, none failed, none was skipped or left out. `shown in part`: the
 * same, but some were. `failed`: one failed, or a campaign that puts it to the test gave way on these sources. `not shown`: anything
 * else, such as a run in which no test carried the id.
 */
export type Verdict = 'shown' | 'shown in part' | 'not shown' | 'failed';

export interface Evidence {
  readonly requirement: Requirement;
  readonly verdict: Verdict;
  /** Passed, and say what works. */
  readonly works: readonly string[];
  /** Passed, and say what is kept from happening. */
  readonly refuses: readonly string[];
  /** Those of both that are attacks by name, `test/attack/`. */
  readonly attacks: readonly string[];
  readonly failures: readonly Problem[];
  readonly skips: readonly Skip[];
  /** Not asked for in a fast run. */
  readonly leftOut: readonly string[];
  /** Campaigns that put it to the test and found something on these sources. */
  readonly gaveWay: readonly string[];
}

/**
 * @param results of the run that is graded, every suite of it
 * @param campaigns what is kept of `./epurse torture`
 */
export function evidenceFor(
  requirement: Requirement,
  results: readonly SuiteResult[],
  campaigns: readonly CampaignFigures[] = [],
): Evidence {
  const about = <T extends { readonly test: string }>(tests: readonly T[]): T[] =>
    tests.filter(({ test }) => carries(test, requirement.id));
  const passes = about<Pass>(results.flatMap((result) => result.passes));
  const found = {
    works: passes.filter(({ title }) => !saysRefusal(title)).map(({ test }) => test),
    refuses: passes.filter(({ title }) => saysRefusal(title)).map(({ test }) => test),
    attacks: passes.filter(({ file }) => file?.startsWith('test/attack/')).map(({ test }) => test),
    failures: about(results.flatMap((result) => result.failures)),
    skips: about(results.flatMap((result) => result.skips)),
    leftOut: results.flatMap(({ leftOut = [] }) => leftOut).filter((name) => carries(name, requirement.id)),
    gaveWay: campaignsThatGaveWay(requirement.id, campaigns),
  };
  return { requirement, ...found, verdict: verdictOn(found) };
}

function verdictOn({
  works,
  refuses,
  failures,
  skips,
  leftOut,
  gaveWay,
}: Omit<Evidence, 'requirement' | 'verdict'>): Verdict {
  if (failures.length + gaveWay.length > 0) return 'failed';
  if (works.length === 0 || refuses.length === 0) return 'not shown';
  return skips.length + leftOut.length > 0 ? 'shown in part' : 'shown';
}

/** Ids that tests of the run carry and that no requirement has: a slip of the pen, whose test would count for nothing. */
export function strayIds(
  ids: (name: string) => readonly string[],
  known: readonly string[],
  results: readonly SuiteResult[],
): string[] {
  const names = results.flatMap(({ passes, failures, skips, leftOut = [] }) => [
    ...[...passes, ...failures, ...skips].map(({ test }) => test),
    ...leftOut,
  ]);
  return [...new Set(names.flatMap((name) => ids(name)).filter((id) => !known.includes(id)))];
}
