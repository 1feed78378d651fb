/**
 * The frame every command runs in. A part of the project exports `register(program, cli)` from its `cli.ts` and wraps each
 * action in {@link CommandLine.action}; the frame gives it the home folder and the output, and turns what it returns or
 * throws into the last line and the exit code.
 */
import type { Command, OptionValues } from 'commander';
import { isReaderError } from '../readers/reader.js';
import type { ReaderSources, SelectedReader } from '../readers/select.js';
import { Failure, exitCodes } from '../terminal/outcome.js';
import { isBeforeFirstCommand, readerFailure } from '../terminal/reader-failure.js';
import { openHome } from '../terminal/home.js';
import { systemFailure } from '../terminal/system-failure.js';
import type { Home } from '../terminal/home.js';
import { Output } from './output.js';
import { CallReaders } from './reader-sources.js';
import type { Fields } from './output.js';

/** Options of every command, taken before and after its name. */
export interface GlobalOptions {
  /** Part of a PC/SC reader's name, or `sim:CARD`. */
  readonly reader?: string;
  readonly home?: string;
  readonly json?: boolean;
  /** Answers yes where a command asks before it acts. */
  readonly yes?: boolean;
  /** File whose first line is the PIN; `-` is standard input. */
  readonly pinFile?: string;
  /** Prints APDUs decoded, secrets masked. */
  readonly trace?: boolean;
}

/** What an action gets. */
export interface Run {
  readonly global: GlobalOptions;
  /** The command's own options and its group's. */
  readonly options: OptionValues;
  /** Its arguments, in order; a missing optional one is undefined. */
  readonly args: readonly (string | undefined)[];
  readonly out: Output;
  /** Opens the home folder on first use. @throws Failure home-unusable */
  home(): Home;
  /** PC/SC and simulated readers, opened on first use and closed when the action ends. */
  readonly readers: ReaderSources;
  /** The reader that `--reader` names, or the only one there is. @throws ReaderError */
  reader(): Promise<SelectedReader>;
  /** Asks before something that cannot be undone; `--yes` answers. @throws Failure not-confirmed */
  confirm(question: string): Promise<void>;
}

/** Fields of the last JSON line; nothing for a command that has none. `ok: false` with exit code 0 does not exist: throw a Failure. */
export type Outcome = Fields | undefined;

export interface ActionOptions {
  /** For commands during which money can move: an unforeseen error then ends as unresolved, not as "nothing moved". */
  readonly movesMoney?: boolean;
}

export class CommandLine {
  constructor(
    readonly program: Command,
    /** The project's folder. */
    readonly folder: string,
  ) {}

  /**
   * Wraps an action.
   *
   * @param event the name of the command's outcome in its last JSON line
   */
  action(
    event: string,
    run: (run: Run) => Promise<Outcome | void>,
    options: ActionOptions = {},
  ): (...parameters: unknown[]) => Promise<void> {
    return async (...parameters) => {
      // commander passes the arguments, then the options, then the command
      const command = parameters.at(-1) as Command;
      const args = parameters.slice(0, -2) as (string | undefined)[];
      const global = this.program.opts<GlobalOptions>();
      const out = new Output(global.json ?? false);
      let home: Home | undefined;
      const openedHome = (): Home => (home ??= openHome(global.home, this.folder));
      const readers = new CallReaders(openedHome, this.folder);
      try {
        const outcome = await run({
          global,
          // an option that a group has too is read by the group, wherever it stands
          options: command.optsWithGlobals(),
          args,
          out,
          home: openedHome,
          readers,
          reader: async () => (await import('../readers/select.js')).selectReader(readers, global.reader),
          confirm: (question) => confirmed(question, global),
        });
        out.done(event, outcome ?? {});
        process.exitCode = exitCodes.done;
      } catch (error) {
        const failure = asFailure(error, options);
        out.failed(event, failure);
        if (failure.code === 'defect' && process.env['EPURSE_DEBUG'] !== undefined) console.error(error);
        process.exitCode = failure.exitCode;
      } finally {
        await readers.close();
      }
    };
  }
}

async function confirmed(question: string, { yes, json }: GlobalOptions): Promise<void> {
  if (yes === true) return;
  // nobody is there to answer a script
  const asked = json !== true && process.stdin.isTTY;
  if (!asked || (await ask(question)) !== true) {
    throw new Failure('not-confirmed', 'Not done: it was not confirmed.', { next: 'Call it again with --yes.' });
  }
}

/** Loaded when it is needed: a command that asks nothing starts without it. */
async function ask(question: string): Promise<boolean | symbol> {
  const { confirm } = await import('@clack/prompts');
  return confirm({ message: question, initialValue: false });
}

/** Whatever was thrown, as the failure a person is told. */
export function asFailure(error: unknown, options: ActionOptions = {}): Failure {
  if (error instanceof Failure) return error;
  if (isReaderError(error) && (options.movesMoney !== true || isBeforeFirstCommand(error.code))) {
    return readerFailure(error);
  }
  const system = systemFailure(error);
  if (system !== undefined && options.movesMoney !== true) return system;
  const what = system?.message ?? (error instanceof Error ? error.message : String(error));
  const brokenOff = `The command broke off: ${what}${what.endsWith('.') ? '' : '.'}`;
  if (options.movesMoney === true) {
    return new Failure('outcome-unknown', brokenOff, {
      next: 'Call it again: it looks at the journal and finishes what was begun.',
      cause: error,
    });
  }
  return new Failure('defect', brokenOff, {
    next: 'This is a defect of the program; EPURSE_DEBUG=1 prints where.',
    cause: error,
  });
}
