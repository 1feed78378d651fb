/**
 * The command groups: the first word a person types → the module that registers it. A module is loaded only when its word
 * is typed (or when help lists them all), so that `pos` never waits for the ledger to load.
 */
import type { Command } from 'commander';
import type { CommandLine } from './command-line.js';

export interface CommandGroup {
  register(program: Command, cli: CommandLine): void;
}

export const groups: Readonly<Record<string, () => Promise<CommandGroup>>> = {
  applet: () => import('./applet.js'),
  bench: () => import('./test-commands.js'),
  card: () => import('./card.js'),
  demo: () => import('../demo/cli.js'),
  doctor: () => import('./doctor.js'),
  grade: () => import('./test-commands.js'),
  issuer: () => import('../issuer/cli.js'),
  readers: () => import('./readers.js'),
  scheme: () => import('../issuer/cli.js'),
  personalize: () => import('../personalize/cli.js'),
  pos: () => import('../pos/cli.js'),
  reload: () => import('../reload/cli.js'),
  torture: () => import('./test-commands.js'),
  inspect: () => import('../inspect/cli.js'),
};

const valueOptions = ['--reader', '--home', '--pin-file'];

/** The words that are neither options nor a global option's value. */
export function operands(words: readonly string[]): string[] {
  const end = words.indexOf('--');
  return words
    .slice(0, end < 0 ? undefined : end)
    .filter((word, index, all) => !word.startsWith('-') && !valueOptions.includes(all[index - 1] ?? ''));
}

export function firstWord(words: readonly string[]): string | undefined {
  return operands(words)[0];
}

/** The modules to load for what was typed: the one that the word names, or all where it names none. */
export async function loadGroups(words: readonly string[]): Promise<ReadonlySet<CommandGroup>> {
  const word = firstWord(words);
  const one = word === undefined ? undefined : groups[word];
  const loaders = one === undefined ? Object.values(groups) : [one];
  return new Set(await Promise.all(loaders.map((load) => load())));
}
