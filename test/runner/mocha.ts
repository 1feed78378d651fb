/** Runs compiled mocha tests in a process of their own (mocha-child.ts) and reads what it found. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { subjectsInTypeScript } from '../support/test-names.js';
import type { ChildReport } from './mocha-child.js';
import { runToEnd } from './process.js';
import { checked } from './result.js';
import type { SuiteResult } from './result.js';

export interface MochaSuite {
  readonly suite: string;
  /** The folder mocha runs in. */
  readonly cwd: string;
  /** Folders of TypeScript sources, relative to `cwd`; compiled they are below `build/`. */
  readonly sources: readonly string[];
}

const child = fileURLToPath(new URL('./mocha-child.js', import.meta.url));
const slow = '.slow.test.ts';

/**
 * The compiled test of every test source. Going by the sources leaves out what the compiler left behind of a test that is gone.
 */
export function testFiles(suite: MochaSuite, fast: boolean): string[] {
  return testSources(suite)
    .filter((file) => !(fast && file.endsWith(slow)))
    .map((file) => join(suite.cwd, 'build', file.replace(/\.ts$/, '.js')))
    .sort();
}

/** Relative to the suite's folder. @throws Error for a folder that is not there: tests that nobody finds are not passed over */
function testSources({ cwd, sources }: MochaSuite): string[] {
  return sources
    .flatMap((folder) =>
      readdirSync(join(cwd, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    )
    .filter((file) => file.endsWith('.test.ts'));
}

/** Names of the tests and suites in files that a fast run does not load, and what else these are about. */
export function leftOutNames(suite: MochaSuite): string[] {
  return testSources(suite)
    .filter((file) => file.endsWith(slow))
    .flatMap((file) => subjectsInTypeScript(readFileSync(join(suite.cwd, file), 'utf8'), file));
}

/** What one of several processes at once takes: every second file, or every third. */
export interface Share {
  /** From 0. */
  readonly number: number;
  readonly of: number;
}

const whole: Share = { number: 0, of: 1 };

/** A machine has one pcscd and few virtual readers: the files that use them are run one after the other, by the first share. */
const usesPcscd = (file: string): boolean => basename(file) === 'pcsc.slow.test.js';

/** @returns the files of this share; each file is in exactly one of the shares */
export function shareOf(files: readonly string[], { number, of }: Share): string[] {
  const alone = files.filter(usesPcscd);
  const others = files.filter((file) => !usesPcscd(file)).filter((_, index) => index % of === number);
  return number === 0 ? [...alone, ...others] : others;
}

export async function runMocha(suite: MochaSuite, fast: boolean, share = whole): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'epurse-test-'));
  try {
    const reportFile = join(folder, 'report.json');
    const files = shareOf(testFiles(suite, fast), share);
    const { exitCode, output } = await runToEnd(process.execPath, [child, reportFile, ...files], {
      cwd: suite.cwd,
      timeoutMs: 1_800_000,
      // said either way: whoever has it in his environment would otherwise hurry a whole run
      env: { EPURSE_FAST: fast ? '1' : '' },
    });
    const name = share.of === 1 ? suite.suite : `${suite.suite} (${share.number + 1} of ${share.of})`;
    const result = checked(read(name, reportFile, output), exitCode);
    const notLoaded = fast && share.number === 0 ? leftOutNames(suite) : [];
    return { ...result, leftOut: [...notLoaded, ...(result.leftOut ?? [])] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(suite: string, reportFile: string, output: string): SuiteResult {
  if (!existsSync(reportFile)) {
    return {
      suite,
      passes: [],
      failures: [{ test: suite, message: `no report; its last words:\n${output}` }],
      skips: [],
    };
  }
  return { suite, ...(JSON.parse(readFileSync(reportFile, 'utf8')) as ChildReport) };
}
