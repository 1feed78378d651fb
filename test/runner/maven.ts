/** Runs the JUnit tests of the Maven modules and reads Surefire's XML reports. */
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasJavaTests, testsInJava } from '../support/test-names.js';
import type { JavaTest } from '../support/test-names.js';
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
  const results = modules.map((module) => {
    const classes = testClasses(join(root, module), module);
    return accountedFor(readReports(`Java: ${module}`, reportsOf(root, module), classes), classes, fast);
  });
  if (exitCode === 0) return results.map((result) => checked(result, 0));
  return [...results, { suite: 'Maven', passes: [], failures: [{ test: 'mvn test', message: output }], skips: [] }];
}

function reportsOf(root: string, module: string): string {
  return join(root, module, 'target', 'surefire-reports');
}

/** A class of tests that Surefire has to have run, by its name with the package. */
export interface TestClass {
  readonly name: string;
  /** Of its source, relative to the project's folder. */
  readonly file: string;
  readonly tests: readonly JavaTest[];
}

/** The test classes of a module as its sources have them: `*Test.java` with a test in it (Surefire's default patterns). */
export function testClasses(folder: string, module: string): TestClass[] {
  const sources = join('src', 'test', 'java');
  return readdirSync(join(folder, sources), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('Test.java'))
    .flatMap((path) => {
      const text = readFileSync(join(folder, sources, path), 'utf8');
      const name = path.replace(/\.java$/, '').replaceAll('/', '.');
      return hasJavaTests(text) ? [{ name, file: join(module, sources, path), tests: testsInJava(text) }] : [];
    });
}

/**
 * Tests without a report did not run, whatever Maven says: it goes on, and ends well, when the virtual machine of the tests has died, and
 * settings that lie about (`.mvn/`, a user's own) can keep some from it. In a fast run that is no failure of what is tagged slow.
 */
export function accountedFor(result: Reported, classes: readonly TestClass[], fast: boolean): SuiteResult {
  const failures = classes.flatMap(({ name, file, tests }) => {
    const message = 'did not run: Surefire has no report of it';
    const asked = tests.filter((test) => !(fast && isLeftOut(test)));
    if (!result.reported.has(name))
      return asked.length > 0 || tests.length === 0 ? [{ test: name, message, file }] : [];
    const missing = asked.filter(({ method }) => !result.reported.has(`${name}.${method}`));
    return missing.map(({ title }) => ({ test: `${name}: ${title}`, message, file }));
  });
  const leftOut = fast
    ? classes.flatMap(({ name, tests }) => tests.filter(isLeftOut).map(({ title }) => `${name}: ${title}`))
    : [];
  const { suite, passes, skips } = result;
  return { suite, passes, skips, failures: [...result.failures, ...failures], leftOut };
}

const isLeftOut = ({ isSlow }: JavaTest): boolean => isSlow;

/** What Surefire tells, and of which classes and methods: `package.Class`, `package.Class.method`. */
export interface Reported extends SuiteResult {
  readonly reported: ReadonlySet<string>;
}

/** @param classes whose sources say what each test is called and which requirements it is about */
export function readReports(suite: string, folder: string, classes: readonly TestClass[] = []): Reported {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^TEST-.*\.xml$/.test(name)) : [];
  const cases = files.flatMap((file) => testCases(readFileSync(join(folder, file), 'utf8')));
  const failures: Problem[] = [];
  const skips: Skip[] = [];
  const passes: Pass[] = [];
  for (const { className, method, state, message } of cases) {
    const { title, file } = inSources(className, method, classes);
    const test = `${className}: ${title}`;
    if (state === 'failed') failures.push({ test, message, ...file });
    else if (state === 'skipped' && isNoReason(message))
      failures.push({ test, message: 'was skipped, and nobody says why', ...file });
    else if (state === 'skipped') skips.push({ test, reason: message });
    else passes.push({ test, title, ...file });
  }
  const reported = new Set(cases.flatMap(({ className, method }) => [className, `${className}.${plainName(method)}`]));
  return { suite, passes, failures, skips, reported };
}

/** The title that the source has for a method; of a test with parameters Surefire adds them to the name, and they stay. */
function inSources(
  className: string,
  method: string,
  classes: readonly TestClass[],
): { title: string; file: Pick<Pass, 'file'> } {
  const source = classes.find(({ name }) => name === className);
  const plain = plainName(method);
  const test = source?.tests.find((one) => one.method === plain);
  return {
    title: test === undefined ? method : `${test.title}${method.slice(plain.length)}`,
    file: source === undefined ? {} : { file: source.file },
  };
}

/** Of `@Disabled` alone JUnit says no more than that it stands there. */
function isNoReason(message: string): boolean {
  return message === '' || message.endsWith(' is @Disabled');
}

/** Without its parameters. */
function plainName(method: string): string {
  return /^\w+/.exec(method)?.[0] ?? method;
}

interface TestCase {
  readonly className: string;
  /** With its parameters, if it has some. */
  readonly method: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly message: string;
}

/** Reads one report. Surefire writes a fixed form of XML, with texts in CDATA or attributes, which two patterns cover. */
export function testCases(xml: string): TestCase[] {
  return [...xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)].map(([, attributes = '', body = '']) => {
    const of = { className: attribute(attributes, 'classname'), method: attribute(attributes, 'name') };
    const outcome = /<(failure|error|skipped)\b([^>]*?)(?:\/>|>(.*?)<\/\1>)/s.exec(body);
    if (outcome === null) return { ...of, state: 'passed', message: '' };
    const [, element, own = '', text = ''] = outcome;
    if (element === 'skipped') return { ...of, state: 'skipped', message: attribute(own, 'message') };
    return {
      ...of,
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
