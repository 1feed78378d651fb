/** Wrong usage in words: what commander found, as the failure a person or a script is told. */
import type { Command, CommanderError } from 'commander';
import { Failure } from '../terminal/outcome.js';
import { operands } from './groups.js';

/** @param words what was typed, behind the program's name */
export function usageFailure({ code, message }: CommanderError, program: Command, words: readonly string[]): Failure {
  const { command, rest } = addressed(program, words);
  const names = command.commands.map((child) => child.name()).filter((name) => name !== 'help');
  const unknown = code === 'commander.unknownCommand' || (code === 'commander.excessArguments' && names.length > 0);
  if (unknown && rest !== undefined) {
    const path = [...pathOf(command), rest].join(' ');
    const meant = closest(rest, names);
    return new Failure(
      'usage',
      `There is no command "${path}".${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
      {
        next: `There are: ${names.join(', ')}. --help after one tells its options.`,
      },
    );
  }
  return new Failure('usage', sentenceOf(code, message), {
    next: './epurse --help lists the commands; --help after a command tells its options.',
  });
}

/** How far the words lead down the tree of commands, and the first word that leads nowhere. */
function addressed(program: Command, words: readonly string[]): { command: Command; rest: string | undefined } {
  let command = program;
  for (const word of operands(words)) {
    const child = command.commands.find((each) => each.name() === word);
    if (child === undefined) return { command, rest: word };
    command = child;
  }
  return { command, rest: undefined };
}

function pathOf(command: Command): string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

/** The name that at most a third of the letters keep from the word. */
function closest(word: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, far: distance(word, name) }))
    .filter(({ name, far }) => far <= Math.max(word.length, name.length) / 3)
    .sort((a, b) => a.far - b.far);
  return near[0]?.name;
}

/** Letters to insert, delete or change (Levenshtein), row by row. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  [...from].forEach((letter, index) => {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const [above = 0, left = 0, corner = 0] = [row[column], next[column - 1], row[column - 1]];
      next.push(Math.min(above + 1, left + 1, corner + (letter === to[column - 1] ? 0 : 1)));
    }
    row = next;
  });
  return row[to.length] ?? 0;
}

function sentenceOf(code: string, message: string): string {
  const [name, hint] = [/'([^']*)'/.exec(message)?.[1] ?? '', /Did you mean ([^?)]+)\?/.exec(message)?.[1]];
  const meant = hint === undefined ? '' : ` Did you mean ${hint}?`;
  switch (code) {
    case 'commander.help':
      return 'No command was named.';
    case 'commander.unknownOption':
      return `There is no option "${name}" here.${meant}`;
    case 'commander.missingMandatoryOptionValue':
      return `The option ${name} is missing.`;
    case 'commander.optionMissingArgument':
      return `The option ${name} needs a value.`;
    case 'commander.missingArgument':
      return `The argument <${name}> is missing.`;
    case 'commander.excessArguments':
      return `The command "${name}" takes nothing of what follows it.`;
    default: {
      const text = message.replace(/^error: /, '').replaceAll('\n', ' ');
      return text.endsWith('.') ? text : `${text}.`;
    }
  }
}
