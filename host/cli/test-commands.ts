/**
 * `epurse bench`, `epurse grade` and `epurse torture`: commands that work with the tests and their fixtures. Programs do not depend on tests and
 * are compiled without them, so what these do is loaded when they are called, by a path that the compiler does not follow;
 * `./epurse` compiles the tests for them.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import type { CommandLine, Outcome, Run } from './command-line.js';

/** What `test/NAME/cli.ts` exports. */
interface TestCommand {
  run(run: Run): Promise<Outcome>;
}

export function register(program: Command, cli: CommandLine): void {
  const work = async (name: string, run: Run): Promise<Outcome> => {
    const file = join(cli.folder, 'build', 'test', name, 'cli.js');
    return ((await import(pathToFileURL(file).href)) as TestCommand).run(run);
  };
  program
    .command('bench')
    .argument('[what]', 'issuer: payments a second against openssl speed, reconciliation by volume', 'cards')
    .description('measure: bridge against jCardSim, PC/SC round trip, what each flow costs a real card')
    .option('--reconcile <records>', 'issuer: reconciliation alone, with so many records')
    .option('--long', 'issuer: reconciliation with 1,000,000 records too')
    .action(cli.action('summary', (run) => work('bench', run)));
  program
    .command('grade')
    .description('run the tests, and show for each requirement how it is kept and what this run says of it')
    .option('--format <format>', 'text, json or html', 'text')
    .option('--out <file>', 'write the report there instead of printing it')
    .option('--fast', 'only the fast tests: what they do not reach is not shown')
    .action(cli.action('grade', (run) => work('grade', run)));
  program
    .command('torture')
    .description('cut, kill, forge and mix up everything there is, and see whether the money is still all there')
    .option('--only <names...>', 'these campaigns alone')
    .option('--seed <number>', 'what a run that found something printed: does the same again')
    .option('--long', 'deeper, and for hours')
    .option('--seconds <number>', 'the longest each campaign may take')
    .option('--list', 'the campaigns there are')
    .action(cli.action('torture', (run) => work('torture', run)));
}
