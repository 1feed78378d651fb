/**
 * `./epurse test [fast]`: every suite of the project, one closing line, one exit code.
 *
 * A fast run leaves out lint, `*.slow.test.ts` and JUnit tests tagged `slow`, and runs Java beside TypeScript.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './checks.js';
import { runMaven } from './maven.js';
import { runMocha } from './mocha.js';
import type { MochaSuite } from './mocha.js';
import { closingLine, longest, report } from './result.js';
import type { SuiteResult } from './result.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

const mochaSuites: readonly MochaSuite[] = [
  { suite: 'TypeScript: jcardsim-ts-bridge', cwd: join(root, 'jcardsim-ts-bridge'), sources: ['test'] },
  { suite: 'TypeScript: epurse', cwd: root, sources: ['apdu-specs', 'host', 'test'] },
];

async function told(work: Promise<SuiteResult | readonly SuiteResult[]>): Promise<readonly SuiteResult[]> {
  const begun = Date.now();
  const results = [await work].flat();
  for (const result of results) {
    console.log(`${result.suite}: ${closingLine([result])} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  }
  return results;
}

async function typeScriptSuites(fast: boolean): Promise<SuiteResult[]> {
  const results: SuiteResult[] = [];
  for (const suite of mochaSuites) results.push(...(await told(runMocha(suite, fast))));
  results.push(...(await told(runChecks(root, fast))));
  return results;
}

async function runAll(fast: boolean): Promise<SuiteResult[]> {
  // suites that measure time must not share the two cores of a small machine: only a fast run goes two ways at once
  if (fast) return (await Promise.all([told(runMaven(root, true)), typeScriptSuites(true)])).flat();
  return [...(await told(runMaven(root, false))), ...(await typeScriptSuites(false))];
}

async function main(words: readonly string[]): Promise<number> {
  const unknown = words.filter((word) => word !== 'fast');
  if (unknown.length > 0) {
    console.error(`./epurse test takes nothing or "fast", not "${unknown.join(' ')}".`);
    return 2;
  }
  const results = await runAll(words.includes('fast'));
  console.log(`\nlongest tests:\n${longest(results, 8).join('\n')}`);
  const details = report(results);
  if (details !== '') console.log(`\n${details}\n`);
  console.log(closingLine(results));
  return results.every((result) => result.failures.length === 0) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
