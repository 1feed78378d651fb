/** `./epurse test [fast]`: every suite of the project, one closing line, one exit code. */
import { closingLine, longest, report } from './result.js';
import { runAll } from './run.js';

async function main(words: readonly string[]): Promise<number> {
  const unknown = words.filter((word) => word !== 'fast');
  if (unknown.length > 0) {
    console.error(`./epurse test takes nothing or "fast", not "${unknown.join(' ')}".`);
    return 2;
  }
  const results = await runAll(words.includes('fast'), (line) => console.log(line));
  console.log(`\nlongest tests:\n${longest(results, 8).join('\n')}`);
  const details = report(results);
  if (details !== '') console.log(`\n${details}\n`);
  console.log(closingLine(results));
  return results.every((result) => result.failures.length === 0) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
