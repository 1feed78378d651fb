/** The command line: options, command groups, exit codes. `./epurse` hands over to this file. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { hasHungCalls } from '../readers/patience.js';
import { exitCodes } from '../terminal/outcome.js';
import { CommandLine } from './command-line.js';
import { loadGroups } from './groups.js';
import { Output } from './output.js';
import { usageFailure } from './usage.js';

/** The project's folder: the nearest one above this file that has the project's package.json. */
function projectFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isProject(folder)) folder = dirname(folder);
  return folder;
}

function isProject(folder: string): boolean {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string }).name === 'epurse';
  } catch {
    return folder === dirname(folder);
  }
}

function newProgram(folder: string): Command {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return new Command('epurse')
    .description('An electronic purse: virtual or real cards, terminals, and the issuer behind them')
    .version(version)
    .option('--reader <name>', 'part of a PC/SC reader name, or sim:CARD')
    .option('--home <folder>', 'keys, journals, virtual cards, ledger (default: EPURSE_HOME, else .epurse)')
    .option('--json', 'one JSON object a line; the last is the outcome')
    .option('--yes', 'do not ask before acting')
    .option('--pin-file <file>', 'read the PIN from the first line of a file')
    .option('--trace', 'print APDUs decoded, secrets masked')
    .addHelpText('after', '\n./epurse test [fast] runs the tests. Every option is taken before and after a command.')
    .exitOverride();
}

export async function main(words: readonly string[]): Promise<number> {
  const folder = projectFolder();
  const program = newProgram(folder);
  const json = words.includes('--json');
  // help that nobody asked for goes to people; wrong usage is told by usageFailure, in one form for both
  program.configureOutput({ outputError: () => undefined, ...(json ? { writeErr: () => undefined } : {}) });
  const cli = new CommandLine(program, folder);
  for (const group of await loadGroups(words)) group.register(program, cli);
  inheritSettings(program);
  try {
    await program.parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.done;
    if (json || error.code !== 'commander.help') new Output(json).failed('usage', usageFailure(error, program, words));
    return exitCodes.usage;
  }
}

/** Groups made with `program.command()` inherit these by themselves; ones added with `addCommand` do not. */
function inheritSettings(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inheritSettings(child);
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // the reader of a pipe may stop listening: `./epurse … | head`
  if (error.code !== 'EPIPE') throw error;
});

const code = await main(process.argv.slice(2));
if (hasHungCalls()) {
  // an orderly exit would wait for the thread that waits for the card; the outcome is told and the journal written
  process.stderr.write(
    'The reader still waits for the card: this program ends by SIGKILL. What is told above stands.\n',
  );
  process.kill(process.pid, 'SIGKILL');
}
process.exit(code);
