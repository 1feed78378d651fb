/** Wrong usage in words: what commander found, as the failure a person or a script is told. */
import type { CommanderError } from 'commander';
import { Failure } from '../terminal/outcome.js';

export function usageFailure({ code, message }: CommanderError): Failure {
  return new Failure('usage', sentenceOf(code, message), {
    next: './epurse --help lists the commands; --help after a command tells its options.',
  });
}

function sentenceOf(code: string, message: string): string {
  const [name, hint] = [/'([^']*)'/.exec(message)?.[1] ?? '', /Did you mean ([^?)]+)\?/.exec(message)?.[1]];
  const meant = hint === undefined ? '' : ` Did you mean ${hint}?`;
  switch (code) {
    case 'commander.help':
      return 'No command was named.';
    case 'commander.unknownCommand':
      return `There is no command "${name}".${meant}`;
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
