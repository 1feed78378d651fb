/** Campaigns that run in Java: a test class that is in no suite, started through Maven, which knows the class path. */
import { modules } from '../runner/maven.js';
import { runToEnd } from '../runner/process.js';
import { root } from '../runner/run.js';

/**
 * @param testClass or a pattern of Surefire's
 * @param properties system properties of the test
 * @throws Error with what Maven said, if the class failed or did not run
 */
export async function javaCampaign(
  testClass: string,
  budgetMs: number,
  properties: Readonly<Record<string, string>>,
): Promise<void> {
  const args = [
    ...['-q', '-B', '-pl', modules.join(','), 'test', `-Dtest=${testClass}`, '-Dsurefire.failIfNoSpecifiedTests=false'],
    ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
  ];
  const { exitCode, output } = await runToEnd('mvn', args, { cwd: root, timeoutMs: budgetMs + 300_000 });
  if (exitCode !== 0) throw new Error(`${testClass} ended with ${exitCode ?? 'no exit code'}:\n${output}`);
}
