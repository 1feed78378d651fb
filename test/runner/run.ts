/** Every suite of the project, several at once. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './checks.js';
import { runMaven } from './maven.js';
import { runMocha } from './mocha.js';
import type { MochaSuite, Share } from './mocha.js';
import { closingLine } from './result.js';
import type { SuiteResult } from './result.js';

/** The project's folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

const mochaSuites: readonly MochaSuite[] = [
  { suite: 'TypeScript: jcardsim-ts-bridge', cwd: join(root, 'jcardsim-ts-bridge'), sources: ['test'] },
  { suite: 'TypeScript: epurse', cwd: root, sources: ['apdu-specs', 'host', 'test'] },
];

export type Tell = (line: string) => void;

/**
 * @param fast leaves out the checks (lint and the like say nothing of behaviour), `*.slow.test.ts` and JUnit tests tagged `slow`, and runs all suites at once
 * @param tell gets a line for each suite
 */
export async function runAll(fast: boolean, tell: Tell): Promise<SuiteResult[]> {
  if (fast) return (await Promise.all([java(true, tell), shares(3, true, tell)])).flat();
  // many tests start machines and servers of their own: two shares beside Java would make a small machine's clocks run out
  const first = await Promise.all([java(false, tell), told(tell, runChecks(root))]);
  return [...first.flat(), ...(await shares(2, false, tell))];
}

async function shares(of: number, fast: boolean, tell: Tell): Promise<SuiteResult[]> {
  const numbers = Array.from({ length: of }, (_, number) => number);
  return (await Promise.all(numbers.map((number) => typeScriptSuites(fast, tell, { number, of })))).flat();
}

async function java(fast: boolean, tell: Tell): Promise<readonly SuiteResult[]> {
  return told(tell, runMaven(root, fast));
}

async function typeScriptSuites(fast: boolean, tell: Tell, share: Share): Promise<SuiteResult[]> {
  const results: SuiteResult[] = [];
  for (const suite of mochaSuites) results.push(...(await told(tell, runMocha(suite, fast, share))));
  return results;
}

async function told(tell: Tell, work: Promise<SuiteResult | readonly SuiteResult[]>): Promise<readonly SuiteResult[]> {
  const begun = Date.now();
  const results = [await work].flat();
  for (const result of results)
    tell(`${result.suite}: ${closingLine([result])} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  return results;
}
