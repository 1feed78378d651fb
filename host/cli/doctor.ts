/** `epurse doctor`: what this installation has, what is wrong, and how to mend it. */
import colours from 'picocolors';
import type { Command } from 'commander';
import { Failure } from '../terminal/outcome.js';
import type { CommandLine, Run } from './command-line.js';
import { databaseFindings } from './doctor/database.js';
import { homeFindings } from './doctor/home.js';
import { readerFindings } from './doctor/readers.js';
import { systemFindings } from './doctor/system.js';
import type { Finding } from './doctor/finding.js';

export function register(program: Command, cli: CommandLine): void {
  program
    .command('doctor')
    .description('say what this installation has, what is wrong and how to mend it')
    .action(cli.action('doctor', doctor));
}

async function doctor(run: Run): Promise<{ checks: number; advice: number }> {
  const findings = [
    ...(await systemFindings()),
    ...(await readerFindings()),
    ...(await homeFindings(run.home())),
    ...(await databaseFindings(run.home(), process.env['EPURSE_DATABASE_URL'])),
  ];
  for (const finding of findings) print(run, finding);
  const wrong = findings.filter((finding) => finding.state === 'wrong');
  const first = wrong[0];
  if (first !== undefined) {
    const named = wrong.map((finding) => finding.name).join(', ');
    throw new Failure('tools-missing', `Not in order: ${named}.`, first.mend === undefined ? {} : { next: first.mend });
  }
  return { checks: findings.length, advice: findings.filter((finding) => finding.state === 'advice').length };
}

const marks = { fine: colours.green('✓'), advice: colours.yellow('!'), wrong: colours.red('✗') } as const;

function print(run: Run, finding: Finding): void {
  const { name, state, detail, mend } = finding;
  run.out.event('check', { name, state, detail, ...(mend === undefined ? {} : { mend }) });
  run.out.say(`${marks[state]} ${name.padEnd(16)} ${detail}`);
  if (mend !== undefined) run.out.say(`${' '.repeat(19)}${mend}`);
}
