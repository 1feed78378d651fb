/** The checks of `npm run check`, each counted as one test. Types are checked by the build that made this runner. */
import { runToEnd } from './process.js';
import type { Pass, SuiteResult } from './result.js';

const checks = {
  'check:lint': 'eslint finds nothing',
  'check:format': 'every file is formatted as prettier has it',
  'check:layers': 'imports go one way',
  'check:dashboard': 'the dashboard’s components fit their types and speak every language',
  'check:drift': 'generated files are what apdu-specs generates',
} as const;

export async function runChecks(root: string): Promise<SuiteResult> {
  const failures: { test: string; message: string }[] = [];
  const passes: Pass[] = [];
  for (const [script, sentence] of Object.entries(checks)) {
    const { exitCode, output } = await runToEnd('npm', ['run', '--silent', script], { cwd: root, timeoutMs: 600_000 });
    if (exitCode === 0) passes.push({ test: sentence, title: sentence });
    else failures.push({ test: sentence, message: output });
  }
  return { suite: 'checks', passes, failures, skips: [] };
}
