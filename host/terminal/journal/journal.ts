/**
 * The journal of one terminal: append-only, one fsync per entry, one process at a time. An entry counts once `append` has
 * returned; the order that it announces is sent after that.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { equalBytes } from '../../protocol/codec/bytes.js';
import { Failure } from '../outcome.js';
import { readIfThere, syncFolder, writeWhole } from '../files.js';
import { takeLock } from '../lock.js';
import { systemFailure, systemSentence } from '../system-failure.js';
import { entryFromJson, entryToJson } from './entries.js';
import type { JournalEntry } from './entries.js';
import { JournalDamage, emptyJournal, readJournal, writeLine } from './lines.js';
import type { JournalText } from './lines.js';
import { apply, emptyState } from './state.js';
import type { JournalState } from './state.js';

/** Whose journal it is. A terminal that lost its journal gets a new id, because numbers never restart. */
export interface JournalOwner {
  readonly scheme: number;
  /** 8 bytes. */
  readonly terminalId: Uint8Array;
}

export class Journal {
  #file: number;
  #check: string;
  #state: JournalState;
  #broken = false;

  private constructor(
    readonly path: string,
    file: number,
    private readonly release: () => void,
    text: JournalText,
    state: JournalState,
  ) {
    this.#file = file;
    this.#check = text.check;
    this.#state = state;
  }

  /** Bytes of a torn last line that opening cut off. */
  healed = 0;

  get state(): JournalState {
    return this.#state;
  }

  /**
   * Opens the journal, which is created where there is none, and heals a torn last line.
   *
   * @throws Failure terminal-busy (another process works at this terminal), journal-damaged, wrong-terminal, home-unusable
   */
  static open(path: string, owner: JournalOwner): Journal {
    const lock = guarded(path, () => takeLock(`${path}.lock`));
    if ('busy' in lock) {
      throw new Failure('terminal-busy', `Process ${lock.busy.pid} is working at this terminal.`, {
        next: 'End it, or wait until it has ended.',
      });
    }
    try {
      return openLocked(path, owner, lock.release);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** @internal */
  static made(path: string, file: number, release: () => void, text: JournalText, state: JournalState): Journal {
    const journal = new Journal(path, file, release, text, state);
    journal.healed = text.torn;
    return journal;
  }

  /**
   * Writes one entry durably.
   *
   * @throws Failure when the disk refuses: the entry does not count, and nothing more is written. journal-failed where nothing was
   *   ordered yet; outcome-unknown where the card has done what the entry would have said
   */
  append(entry: JournalEntry): void {
    if (this.#broken) throw this.#failed(entry, 'An earlier entry could not be written.');
    const next = apply(this.#state, entry); // a contradiction is a defect and is thrown before anything is written
    const { line, after } = writeLine(this.#check, entryToJson(entry));
    try {
      writeWhole(this.#file, Buffer.from(line, 'utf8'));
      fsyncSync(this.#file);
    } catch (cause) {
      this.#broken = true;
      throw this.#failed(entry, reason(cause), cause);
    }
    this.#check = after;
    this.#state = next;
  }

  #failed(entry: JournalEntry, why: string, cause?: unknown): Failure {
    const said = `The journal ${this.path} cannot be written. ${why}`;
    if (!isDone(this.#state, entry))
      return new Failure('journal-failed', said, { next: 'Make room on the disk or mend it, then call again.', cause });
    return new Failure('outcome-unknown', `The card has carried out the order, but: ${said}`, {
      moneyMoved: 'yes',
      next: 'Make room on the disk or mend it, then present the card again: it is finished then, and nothing is done twice.',
      cause,
    });
  }

  close(): void {
    closeSync(this.#file);
    this.release();
  }
}

function openLocked(path: string, owner: JournalOwner, release: () => void): Journal {
  const content = guarded(path, () => readIfThere(path));
  const text = content === undefined ? emptyJournal() : checked(path, () => readJournal(content));
  const state = fold(path, text);
  if (
    state.start !== undefined &&
    !(equalBytes(state.start.terminalId, owner.terminalId) && state.start.scheme === owner.scheme)
  ) {
    throw new Failure('wrong-terminal', `The journal ${path} belongs to another terminal.`, {
      next: 'Give this terminal a folder of its own; numbers of one journal never go to another.',
    });
  }
  const file = guarded(path, () => openForAppend(path, text));
  const journal = Journal.made(path, file, release, text, state);
  if (state.start === undefined) journal.append({ entry: 'start', format: 1, ...owner });
  return journal;
}

function openForAppend(path: string, text: JournalText): number {
  const file = openSync(path, 'a', 0o600);
  if (text.torn > 0) ftruncateSync(file, text.length);
  if (text.unended) writeSync(file, '\n');
  fsyncSync(file);
  syncFolder(dirname(path));
  return file;
}

function fold(path: string, text: JournalText): JournalState {
  let state = emptyState();
  text.lines.forEach((json, index) => {
    state = checked(path, () => {
      try {
        return apply(state, entryFromJson(json));
      } catch (cause) {
        throw new JournalDamage(index + 1, reason(cause));
      }
    });
  });
  return state;
}

function checked<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof JournalDamage)) throw cause;
    throw new Failure('journal-damaged', `The journal ${path} is damaged at ${cause.message}.`, {
      moneyMoved: 'unknown',
      next: 'Nothing was changed. Restore the file from a copy, or retire this terminal and give it a new id.',
      cause,
    });
  }
}

function guarded<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const system = systemFailure(cause);
    if (system?.code === 'disk-full') throw system;
    throw new Failure('home-unusable', `The journal ${path} cannot be opened. ${reason(cause)}`, {
      next: 'Mend the permissions of the home folder.',
      cause,
    });
  }
}

/** Does the entry tell of an order that the card has carried out? */
function isDone({ orders }: JournalState, entry: JournalEntry): boolean {
  switch (entry.entry) {
    case 'closed':
      return entry.result === 'executed';
    case 'told':
      return orders.get(entry.tn)?.end?.result === 'executed';
    case 'start':
    case 'opened':
    case 'batch':
    case 'acknowledged':
      return false;
  }
}

/** What the system says, as a sentence. */
function reason(cause: unknown): string {
  return systemSentence(cause) ?? (cause instanceof Error ? cause.message : String(cause));
}
