/** What one run of the tests says about one requirement. Whatever did not run says nothing, and nothing is no evidence. */
import type { Pass, Problem, Skip, SuiteResult } from '../runner/result.js';
import { saysRefusal } from '../support/refusal-words.js';
import { carries } from './requirements.js';
import type { Requirement } from './requirements.js';

/**
 * `shown`: tests of what works and of what is refused ran and passed, none failed, none was skipped. `shown in part`: the same, but
 * some were skipped. `failed`: one failed. `not shown`: anything else, such as a run in which no test carried the id.
 */
export type Verdict = 'shown' | 'shown in part' | 'not shown' | 'failed';

export interface Evidence {
  readonly requirement: Requirement;
  readonly verdict: Verdict;
  /** Passed, and say what works. */
  readonly works: readonly string[];
  /** Passed, and say what is kept from happening. */
  readonly refuses: readonly string[];
  readonly failures: readonly Problem[];
  readonly skips: readonly Skip[];
}

/** @param results of the run that is graded, every suite of it */
export function evidenceFor(requirement: Requirement, results: readonly SuiteResult[]): Evidence {
  const about = <T extends { readonly test: string }>(tests: readonly T[]): T[] =>
    tests.filter(({ test }) => carries(test, requirement.id));
  const passes = about<Pass>(results.flatMap((result) => result.passes));
  const found = {
    works: passes.filter(({ title }) => !saysRefusal(title)).map(({ test }) => test),
    refuses: passes.filter(({ title }) => saysRefusal(title)).map(({ test }) => test),
    failures: about(results.flatMap((result) => result.failures)),
    skips: about(results.flatMap((result) => result.skips)),
  };
  return { requirement, ...found, verdict: verdictOn(found) };
}

function verdictOn({ works, refuses, failures, skips }: Omit<Evidence, 'requirement' | 'verdict'>): Verdict {
  if (failures.length > 0) return 'failed';
  if (works.length === 0 || refuses.length === 0) return 'not shown';
  return skips.length > 0 ? 'shown in part' : 'shown';
}
