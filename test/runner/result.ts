/** What a suite found, and how a run is told. */

export interface Problem {
  readonly test: string;
  readonly message: string;
  /** Where its source is, relative to the suite's folder; where the suite tells. */
  readonly file?: string;
}

/** A test that did not run, and why. */
export interface Skip {
  readonly test: string;
  readonly reason: string;
}

/** A test that ran and passed. */
export interface Pass {
  /** Its suites' names and its own. */
  readonly test: string;
  /** Its own name. */
  readonly title: string;
  /** Where its source is, relative to the suite's folder; where the suite tells. */
  readonly file?: string;
}

export interface SuiteResult {
  readonly suite: string;
  readonly passes: readonly Pass[];
  readonly failures: readonly Problem[];
  readonly skips: readonly Skip[];
  /** The tests that took longest, longest first; where the suite tells. */
  readonly slowest?: readonly Timing[];
  /** Names of tests that a fast run did not ask for. Nobody counts them as run, and a grade counts them as missing. */
  readonly leftOut?: readonly string[];
}

export interface Timing {
  readonly test: string;
  readonly milliseconds: number;
}

/** The tests that a run waited for most, longest first. */
export function longest(results: readonly SuiteResult[], count: number): string[] {
  return results
    .flatMap(({ slowest = [] }) => slowest)
    .sort((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, count)
    .map(({ test, milliseconds }) => `  ${(milliseconds / 1000).toFixed(1)} s  ${test}`);
}

/** A suite that crashed or ran no test has failed, whatever it says of itself. */
export function checked(result: SuiteResult, exitCode: number | null): SuiteResult {
  const ran = result.passes.length + result.failures.length;
  if (ran === 0 && result.skips.length === 0) return withFailure(result, 'ran no test');
  if (exitCode !== 0 && result.failures.length === 0)
    return withFailure(result, `ended with exit code ${exitCode ?? 'none (killed)'}`);
  return result;
}

function withFailure(result: SuiteResult, message: string): SuiteResult {
  return { ...result, failures: [...result.failures, { test: result.suite, message }] };
}

/** The closing line: `N passed, N failed`, and `, N skipped` where some were. */
export function closingLine(results: readonly SuiteResult[]): string {
  const sum = (count: (result: SuiteResult) => number): number => results.reduce((total, one) => total + count(one), 0);
  const passed = sum((one) => one.passes.length);
  const failed = sum((one) => one.failures.length);
  const skipped = sum((one) => one.skips.length);
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

/** Failures with their messages, then skips by reason. */
export function report(results: readonly SuiteResult[]): string {
  const lines: string[] = [];
  for (const { suite, failures } of results) {
    for (const { test, message, file } of failures)
      lines.push(`✗ ${suite}: ${test}`, ...(file === undefined ? [] : [`    ${file}`]), ...indented(message));
  }
  const reasons = new Map<string, number>();
  for (const { reason } of results.flatMap((result) => result.skips))
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  for (const [reason, count] of reasons) lines.push(`- skipped ${count}: ${reason}`);
  return lines.join('\n');
}

const longestMessage = 40;

/** What a failure says, as much of it as a person reads. */
export function messageLines(message: string): string[] {
  const lines = message.trimEnd().split('\n');
  return lines.length > longestMessage ? [...lines.slice(0, longestMessage), '…'] : lines;
}

function indented(message: string): string[] {
  return messageLines(message).map((line) => `    ${line}`);
}
