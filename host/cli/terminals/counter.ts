/** A terminal as its commands use it: the station, a reader when one is needed, and whoever types. */
import { MoneyError, parseAmount } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { unitByName } from '../../protocol/codec/units.js';
import type { Unit } from '../../protocol/codec/units.js';
import type { Role } from '../../protocol/generated/enums.js';
import { isReaderError } from '../../readers/reader.js';
import type { CardConnection } from '../../readers/reader.js';
import { selectReader } from '../../readers/select.js';
import type { SelectedReader } from '../../readers/select.js';
import { waitForCard, waitForRemoval } from '../../readers/wait.js';
import type { TerminalName } from '../../terminal/identity.js';
import { Keyboard } from '../../terminal/keyboard.js';
import type { LazyIssuer } from '../../terminal/lazy-issuer.js';
import { Failure } from '../../terminal/outcome.js';
import { filePins, keyboardPins, noPins } from '../../terminal/prompts.js';
import type { PinSource } from '../../terminal/prompts.js';
import { readerFailure } from '../../terminal/reader-failure.js';
import { Station } from '../../terminal/station.js';
import { systemFailure } from '../../terminal/system-failure.js';
import type { Run } from '../command-line.js';
import { issuerOf } from './issuer-access.js';
import { onTheWire, printTrace } from './trace.js';

export class Counter {
  readonly #interrupt = new AbortController();
  readonly #onInterrupt = (): void => {
    process.removeListener('SIGINT', this.#onInterrupt);
    this.#interrupt.abort(interrupted());
  };
  #reader: Promise<SelectedReader> | undefined;
  #keyboard: Keyboard | undefined;
  #hadCard = false;

  private constructor(
    readonly run: Run,
    readonly station: Station,
    private readonly issuer: LazyIssuer,
  ) {
    // the first Ctrl-C ends waiting and lets a card command under way finish; the second ends the program
    process.on('SIGINT', this.#onInterrupt);
  }

  /** Works at a terminal of this home, and leaves it tidy. */
  static async at<T>(
    run: Run,
    { name, role, looking = false }: { readonly name: TerminalName; readonly role: Role; readonly looking?: boolean },
    act: (counter: Counter) => Promise<T>,
  ): Promise<T> {
    const home = run.home();
    const issuer = issuerOf(home, () => station);
    const trace = run.global.trace === true ? { trace: printTrace } : {};
    const open = (): Station => Station.open({ home, name, role, looking, issuer: issuer.port, ...trace });
    const station: Station = beforeAnyCard(open);
    const counter = new Counter(run, station, issuer);
    try {
      return await act(counter);
    } catch (error) {
      throw counter.#hadCard ? error : (systemFailure(error) ?? error);
    } finally {
      await counter.#leave();
    }
  }

  get out(): Run['out'] {
    return this.run.out;
  }

  /** Aborted by Ctrl-C. */
  get signal(): AbortSignal {
    return this.#interrupt.signal;
  }

  /** Is a person there to be asked? */
  get attended(): boolean {
    return process.stdin.isTTY && this.run.global.json !== true;
  }

  get keyboard(): Keyboard {
    if (this.#keyboard === undefined) {
      this.#keyboard = new Keyboard({ output: process.stderr });
      this.#keyboard.onInterrupt(this.#onInterrupt);
    }
    return this.#keyboard;
  }

  /** PINs for one command: from the file that was named, else from the person who is there. */
  pins(): PinSource {
    const { pinFile } = this.run.global;
    if (pinFile !== undefined) return filePins(pinFile);
    return this.attended ? keyboardPins(this.keyboard, (line) => this.out.say(line)) : noPins;
  }

  /** Presents the card in the reader; waits for one where a person is there to put it in. */
  async withCard<T>(act: (connection: CardConnection) => Promise<T>): Promise<T> {
    return this.#presented(await reached(this.#connect()), act);
  }

  /**
   * Waits for a card, whoever is there.
   *
   * @param patience milliseconds after which nobody seems to have one; for ever without
   * @throws Failure interrupted, no-card
   */
  async nextCard<T>(act: (connection: CardConnection) => Promise<T>, patience?: number): Promise<T> {
    const { hub, reader } = await this.reader();
    return this.#presented(await reached(waitForCard(hub, reader, this.signal, patience)), act);
  }

  #presented<T>(connection: CardConnection, act: (connection: CardConnection) => Promise<T>): Promise<T> {
    this.#hadCard = true;
    return closedAfter(this.run.global.trace === true ? onTheWire(connection) : connection, act);
  }

  /** Waits until the card is gone, and says so again and again where it is forgotten. */
  async cardRemoved(remind: () => void): Promise<void> {
    const { hub, reader } = await this.reader();
    const reminder = setInterval(remind, 10_000);
    try {
      await waitForRemoval(hub, reader, this.signal);
    } finally {
      clearInterval(reminder);
    }
  }

  reader(): Promise<SelectedReader> {
    this.#reader ??= reached(this.#choose());
    return this.#reader;
  }

  async #connect(): Promise<CardConnection> {
    const { hub, reader } = await this.reader();
    try {
      return await reader.connect();
    } catch (error) {
      if (!isReaderError(error, 'no-card') || !this.attended) throw error;
      this.out.say('Put the card into the reader.');
      return waitForCard(hub, reader, this.signal);
    }
  }

  /** Asks which reader where several fit and a person is there. */
  async #choose(): Promise<SelectedReader> {
    try {
      return await selectReader(this.run.readers, this.run.global.reader);
    } catch (error) {
      if (!isReaderError(error, 'ambiguous') || !this.attended) throw error;
      error.candidates.forEach((name, index) => this.out.say(`${index + 1} ${name}`));
      const typed = await this.keyboard.line('Which reader? ');
      const name = 'line' in typed ? error.candidates[Number(typed.line) - 1] : undefined;
      if (name === undefined) throw error;
      return selectReader(this.run.readers, name);
    }
  }

  async #leave(): Promise<void> {
    process.removeListener('SIGINT', this.#onInterrupt);
    this.#keyboard?.close();
    this.station.close();
    await this.issuer.close();
  }
}

/** @throws Failure where the system refuses: no card was asked anything yet */
function beforeAnyCard<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw systemFailure(error) ?? error;
  }
}

/** A card that was not reached was asked nothing, whatever its reader reports. @throws Failure */
async function reached<T>(connecting: Promise<T>): Promise<T> {
  try {
    return await connecting;
  } catch (error) {
    throw isReaderError(error) ? readerFailure(error) : error;
  }
}

/** What was done with the card stands, whatever becomes of the connection. */
async function closedAfter<T>(connection: CardConnection, act: (connection: CardConnection) => Promise<T>): Promise<T> {
  try {
    return await act(connection);
  } finally {
    await connection.close().catch(() => undefined);
  }
}

/** A card that cannot be talked to ends no loop: another one can be. */
export function isCardTrouble(error: unknown): error is Failure {
  return error instanceof Failure && ['card-mute', 'card-removed', 'card-in-use', 'no-card'].includes(error.code);
}

export function interrupted(): Failure {
  return new Failure('interrupted', 'Interrupted before the card was asked anything.', {
    next: 'Call it again when you are ready.',
  });
}

/** `--amount TEXT` in the unit that `--unit NAME` names. @throws Failure usage, amount-malformed */
export function amountOf(text: unknown, unit: Unit): Money {
  if (typeof text !== 'string')
    throw new Failure('usage', 'The amount is missing.', { next: 'Give it with --amount.' });
  try {
    return parseAmount(text, unit);
  } catch (cause) {
    if (!(cause instanceof MoneyError)) throw cause;
    const next = `Give an amount above zero, with exactly the digits of ${unit.name} and without its name.`;
    throw new Failure('amount-malformed', cause.message, { next, cause });
  }
}

/** The purse slot for `--unit NAME`; the scheme's first without. @throws Failure usage */
export function slotFor({ scheme }: Station, name: unknown): { readonly slot: number; readonly unit: Unit } {
  const first = scheme.units[0];
  const wanted = typeof name === 'string' ? name.toUpperCase() : first?.name;
  const slot = scheme.units.findIndex((unit) => unit.name === wanted);
  if (slot < 0 || wanted === undefined) {
    const known = scheme.units.map((unit) => unit.name).join(', ');
    throw new Failure('usage', `The cards of this scheme hold no ${String(wanted)}.`, { next: `They hold ${known}.` });
  }
  return { slot, unit: unitByName(wanted) };
}
