/** Runs the JUnit tests of the Maven modules and reads Surefire's XML reports. */
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from './process.js';
import { checked } from './result.js';
import type { Pass, Problem, Skip, SuiteResult } from './result.js';

/** Folders of the modules, in build order. */
export const modules = ['jcardsim-ts-bridge/java', 'applet'];

/** A machine that lives for seconds: optimizing what it runs costs more than it saves, here half of the time. */
const shortLived = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto';

/**
 * `test`, not `package`: the jars that other suites load are left alone. Failures are counted from the reports, so that
 * every module is run whatever the one before found.
 */
export async function runMaven(root: string, fast: boolean): Promise<SuiteResult[]> {
  for (const module of modules) rmSync(reportsOf(root, module), { recursive: true, force: true });
  const args = ['-q', '-B', 'test', '-Dmaven.test.failure.ignore=true'];
  if (fast) args.push('-DexcludedGroups=slow', `-DargLine=${shortLived}`);
  const env = fast ? { MAVEN_OPTS: shortLived } : {};
  const { exitCode, output } = await runToEnd('mvn', args, { cwd: root, timeoutMs: 1_800_000, env });
  const results = modules.map((module) => readReports(`Java: ${module}`, reportsOf(root, module)));
  if (exitCode === 0) return results.map((result) => checked(result, 0));
  return [...results, { suite: 'Maven', passes: [], failures: [{ test: 'mvn test', message: output }], skips: [] }];
}

function reportsOf(root: string, module: string): string {
  return join(root, module, 'target', 'surefire-reports');
}

export function readReports(suite: string, folder: string): SuiteResult {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^TEST-.*\.xml$/.test(name)) : [];
  const cases = files.flatMap((file) => testCases(readFileSync(join(folder, file), 'utf8')));
  const failures: Problem[] = [];
  const skips: Skip[] = [];
  const passes: Pass[] = [];
  for (const { name, state, message } of cases) {
    if (state === 'failed') failures.push({ test: name, message });
    else if (state === 'skipped') skips.push({ test: name, reason: message });
    else passes.push({ test: name, title: name.slice(name.indexOf(': ') + 2) });
  }
  return { suite, passes, failures, skips };
}

interface TestCase {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly message: string;
}

/** Reads one report. Surefire writes a fixed form of XML, with texts in CDATA or attributes, which two patterns cover. */
export function testCases(xml: string): TestCase[] {
  return [...xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)].map(([, attributes = '', body = '']) => {
    const name = `${attribute(attributes, 'classname')}: ${attribute(attributes, 'name')}`;
    const outcome = /<(failure|error|skipped)\b([^>]*?)(?:\/>|>(.*?)<\/\1>)/s.exec(body);
    if (outcome === null) return { name, state: 'passed', message: '' };
    const [, element, own = '', text = ''] = outcome;
    if (element === 'skipped')
      return { name, state: 'skipped', message: attribute(own, 'message') || 'no reason given' };
    return {
      name,
      state: 'failed',
      message: unescape(text.replace(/^\s*<!\[CDATA\[|\]\]>\s*$/g, '')) || attribute(own, 'message'),
    };
  });
}

function attribute(attributes: string, name: string): string {
  return unescape(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&', '#10': '\n' };

function unescape(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp|#10);/g, (_, name: string) => entities[name] ?? '');
}
