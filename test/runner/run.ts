/** Every suite of the project, one after the other; `told` hears of each as it ends. */
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
 * @param fast leaves out the checks (lint and the like say nothing of behaviour), `*.slow.test.ts` and JUnit tests tagged `slow`, and runs Java and two halves of TypeScript at once
 * @param tell gets a line for each suite
 */
export async function runAll(fast: boolean, tell: Tell): Promise<SuiteResult[]> {
  // suites that measure time must not share the two cores of a small machine: only a fast run does these at once
  if (fast) {
    const halves = [0, 1].map((number) => typeScriptSuites(true, tell, { number, of: 2 }));
    return (await Promise.all([java(true, tell), ...halves])).flat();
  }
  const first = await Promise.all([java(false, tell), told(tell, runChecks(root))]);
  return [...first.flat(), ...(await typeScriptSuites(false, tell))];
}

async function java(fast: boolean, tell: Tell): Promise<readonly SuiteResult[]> {
  return told(tell, runMaven(root, fast));
}

async function typeScriptSuites(fast: boolean, tell: Tell, share?: Share): Promise<SuiteResult[]> {
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
