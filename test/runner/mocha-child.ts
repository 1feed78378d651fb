/** Runs the given test files with mocha and writes a report. Arguments: report file, test files. */
import { writeFileSync } from 'node:fs';
import { config } from 'chai';
import Mocha from 'mocha';
import type { Pass, Problem, Skip, SuiteResult, Timing } from './result.js';

export type ChildReport = Pick<SuiteResult, 'passes' | 'failures' | 'skips' | 'slowest'>;

/** A test, hook or suite that was skipped with a reason, see test/support/skip.ts. */
interface Skipped {
  readonly skipReason?: string;
  readonly parent?: Skipped | undefined;
}

function reasonOf(skipped: Skipped): string {
  for (let one: Skipped | undefined = skipped; one !== undefined; one = one.parent) {
    if (one.skipReason !== undefined) return one.skipReason;
  }
  return 'no reason given';
}

/** Prints nothing; the report says it all. */
class Silent extends Mocha.reporters.Base {}

async function run(reportFile: string, files: readonly string[]): Promise<number> {
  config.truncateThreshold = 0; // a failure shows what it found in full
  const mocha = new Mocha({ timeout: 30_000, reporter: Silent });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const passes: Pass[] = [];
  const failures: Problem[] = [];
  const skips: Skip[] = [];
  const timings: Timing[] = [];
  return new Promise((resolve) => {
    mocha
      .run((failed) => {
        writeFileSync(
          reportFile,
          JSON.stringify({ passes, failures, skips, slowest: longestOf(timings) } satisfies ChildReport),
        );
        resolve(failed === 0 ? 0 : 1);
      })
      .on('pass', (test) => {
        passes.push({ test: test.fullTitle(), title: test.title });
        timings.push({ test: test.fullTitle(), milliseconds: test.duration ?? 0 });
      })
      .on('fail', (test, error: unknown) => failures.push({ test: test.fullTitle(), message: describe(error) }))
      .on('pending', (test) => skips.push({ test: test.fullTitle(), reason: reasonOf(test) }));
  });
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
