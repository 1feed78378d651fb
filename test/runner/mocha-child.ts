/**
 * Runs the given test files with mocha and writes a report. Arguments: report file, test files.
 *
 * Every test that was loaded is in the report: one that never came to run, because a hook before it failed, is a failure; so is one that
 * was skipped and nobody says why, and a file or suite in which no test was found. A test marked `.only`, which would keep the others from
 * running, is refused.
 */
import { writeFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { config } from 'chai';
import Mocha from 'mocha';
import { leftOutOfFast } from '../support/skip.js';
import type { Pass, Problem, Skip, SuiteResult, Timing } from './result.js';

export type ChildReport = Pick<SuiteResult, 'passes' | 'failures' | 'skips' | 'slowest' | 'leftOut'>;

/** A test, hook or suite that was skipped with a reason, see test/support/skip.ts. */
interface Skipped {
  readonly skipReason?: string;
  readonly parent?: Skipped | undefined;
}

function reasonOf(skipped: Skipped): string | undefined {
  for (let one: Skipped | undefined = skipped; one !== undefined; one = one.parent) {
    if (one.skipReason !== undefined) return one.skipReason;
  }
  return undefined;
}

/** Prints nothing; the report says it all. */
class Silent extends Mocha.reporters.Base {}

async function run(reportFile: string, files: readonly string[]): Promise<number> {
  config.truncateThreshold = 0; // a failure shows what it found in full
  const mocha = new Mocha({ timeout: 30_000, reporter: Silent, forbidOnly: true });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const waiting = new Set<Mocha.Test>();
  mocha.suite.eachTest((test) => waiting.add(test));
  const passes: Pass[] = [];
  const failures: Problem[] = [...filesWithoutTests(files, waiting), ...suitesWithoutTests(mocha.suite)];
  const skips: Skip[] = [];
  const leftOut: string[] = [];
  const timings: Timing[] = [];
  return new Promise((resolve) => {
    mocha
      .run((failed) => {
        for (const test of waiting)
          failures.push({
            test: test.fullTitle(),
            message: 'did not run: a hook before it failed, or the run broke off',
            ...sourceOf(test),
          });
        const report: ChildReport = { passes, failures, skips, leftOut, slowest: longestOf(timings) };
        writeFileSync(reportFile, JSON.stringify(report));
        resolve(failed === 0 && failures.length === 0 ? 0 : 1);
      })
      .on('pass', (test) => {
        waiting.delete(test);
        passes.push({ test: test.fullTitle(), title: test.title, ...sourceOf(test) });
        timings.push({ test: test.fullTitle(), milliseconds: test.duration ?? 0 });
      })
      .on('fail', (test, error: unknown) => {
        waiting.delete(test);
        failures.push({ test: test.fullTitle(), message: describe(error), ...sourceOf(test) });
      })
      .on('pending', (test) => {
        waiting.delete(test);
        const reason = reasonOf(test);
        if (reason === leftOutOfFast) leftOut.push(test.fullTitle());
        else if (reason !== undefined) skips.push({ test: test.fullTitle(), reason });
        else failures.push({ test: test.fullTitle(), message: 'was skipped, and nobody says why', ...sourceOf(test) });
      });
  });
}

/** A file that was emptied, or not built, would otherwise be missed by nobody. */
function filesWithoutTests(files: readonly string[], tests: ReadonlySet<Mocha.Test>): Problem[] {
  const withTests = new Set([...tests].map(({ file }) => file));
  return files
    .filter((file) => !withTests.has(file))
    .map((file) => ({ test: sourceOf({ file }).file ?? file, message: 'has no test in it', ...sourceOf({ file }) }));
}

/** One whose tests are made from a table that has come out empty, say. */
function suitesWithoutTests({ suites }: Mocha.Suite): Problem[] {
  return suites.flatMap((suite) =>
    suite.total() === 0
      ? [{ test: suite.fullTitle(), message: 'has no test in it', ...sourceOf(suite) }]
      : suitesWithoutTests(suite),
  );
}

/** From `build/test/a.test.js` to `test/a.test.ts`. */
function sourceOf({ file }: { readonly file?: string | undefined }): Pick<Pass, 'file'> {
  if (file === undefined) return {};
  const [, ...parts] = relative(process.cwd(), file).split(sep);
  return { file: parts.join('/').replace(/\.js$/, '.ts') };
}

const told = 10;

function longestOf(timings: readonly Timing[]): Timing[] {
  return timings.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, told);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const [reportFile = '', ...files] = process.argv.slice(2);
// tests may leave servers and sockets open: end when the report is written
process.exit(await run(reportFile, files));
