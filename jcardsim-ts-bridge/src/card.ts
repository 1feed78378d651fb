import { BridgeError } from './errors.js';
import type { Connection } from './connection.js';
import { readFailure } from './connection.js';
import { readCutPoints } from './cut-points.js';
import type { CutPoints } from './cut-points.js';
import { FieldReader, FieldWriter } from './fields.js';
import type { Insertion, ReaderLink } from './insertion.js';
import type { Operation } from './protocol.js';
import { readCounters, readFaults, readMemory, readPersistentState } from './reports.js';
import type { AppletFault, Counters, MemoryReport, PersistentState } from './reports.js';
import type { Snapshot } from './snapshot.js';

/** What a card needs of its bridge. */
export interface CardHost {
  readonly connection: Connection;
  insert(handle: number, link: ReaderLink): Promise<Insertion>;
}

/**
 * One card, off until {@link powerOn}. Every method may fail with a {@link BridgeError}; besides the codes named at each,
 * CardClosed, BridgeDied, BridgeClosed, NoAnswer and, for a card with an image file, ImageFailed.
 *
 * A card with an image file answers only after its new state is on disk.
 */
export class Card {
  readonly #host: CardHost;
  readonly #handle: number;

  constructor(host: CardHost, handle: number) {
    this.#host = host;
    this.#handle = handle;
  }

  /** Installs the applet on a card made `blank`; may be tried again after a power cut. @throws PowerLost, InstallFailed */
  async install(): Promise<void> {
    await this.#ask('install');
  }

  /** Cold reset. @returns the ATR @throws CardInReader */
  powerOn(): Promise<Uint8Array> {
    return this.#ask('powerOn');
  }

  /** Warm reset: no applet selected, transient memory cleared. @returns the ATR @throws CardOff, CardInReader */
  reset(): Promise<Uint8Array> {
    return this.#ask('reset');
  }

  /** Harmless when the card is off. @throws CardInReader */
  async powerOff(): Promise<void> {
    await this.#ask('powerOff');
  }

  /**
   * Sends one command APDU (4 bytes or more) and returns data and status word (2 bytes or more; ISO 7816-4).
   *
   * @throws CardOff, CardInReader; PowerLost at an armed cut: the card is off then
   */
  transmit(apdu: Uint8Array): Promise<Uint8Array> {
    return this.#ask('transmit', apdu);
  }

  /**
   * Sends commands one after the other in one exchange with the bridge, whatever their status words; an image file is
   * written once, before the first answer leaves.
   *
   * @throws as {@link transmit}; the error's `answers` are those of the commands before
   */
  async transmitAll(apdus: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const body = new FieldWriter();
    body.list(apdus, (apdu) => body.bytes(apdu));
    const in_ = new FieldReader(await this.#ask('transmitMany', body.finish()));
    const answers = in_.list(() => in_.bytes());
    if (in_.flag()) throw readFailure(in_, answers);
    return answers;
  }

  /**
   * Arms a power cut in the next command or install: power fails just before its persistent write number `n`, counted
   * from 0, or, where the command makes exactly `n` writes, after the last one and before the answer leaves. A command
   * with fewer writes is answered as usual. One command uses the cut up, hit or not. In a virtual reader the card is
   * then gone from the reader.
   */
  async cutPowerAt(n: number): Promise<void> {
    if (!(Number.isInteger(n) && n >= 0 && n <= 0x7fff_ffff)) {
      throw new BridgeError('BadRequest', `A power cut comes at write 0, 1, 2, …, not at ${n}.`);
    }
    await this.#ask('cutPowerAt', new FieldWriter().u32(n).finish());
  }

  /**
   * Sends a command from the state the card is in with power lost before each of its persistent writes in turn, and after the last;
   * the card is then as before, ready for the command itself. One exchange with the bridge, some microseconds a point besides what
   * the command costs. The snapshots it takes, one for each different outcome, wait for {@link dropSnapshot}.
   *
   * @param options.except as for {@link persistentState}: what makes no difference between two outcomes
   * @throws CardOff, CardInReader
   */
  async cutEverywhere(apdu: Uint8Array, options: { readonly except?: readonly string[] } = {}): Promise<CutPoints> {
    const body = new FieldWriter().bytes(apdu);
    body.list(options.except ?? [], (name) => body.string(name));
    return readCutPoints(new FieldReader(await this.#ask('cutEverywhere', body.finish())), this.#handle);
  }

  /** Takes an armed cut back. */
  async disarm(): Promise<void> {
    await this.#ask('disarm');
  }

  /** Copies the whole state in microseconds; {@link dropSnapshot} gives its memory free. */
  async snapshot(): Promise<Snapshot> {
    const number = new FieldReader(await this.#ask('snapshot')).u32();
    return { cardHandle: this.#handle, number };
  }

  /**
   * Puts the card back to a state it had, as often as wanted; an armed cut is disarmed. Its random generator is put back
   * too and repeats itself: for tests only.
   *
   * @throws SnapshotUnknown for one that was dropped or is another card's; CardInReader
   */
  async restore(snapshot: Snapshot): Promise<void> {
    await this.#ask('restore', this.#numberOf(snapshot));
  }

  async dropSnapshot(snapshot: Snapshot): Promise<void> {
    await this.#ask('dropSnapshot', this.#numberOf(snapshot));
  }

  /** What survives power-off, as bytes for `openCard`. @throws ImageNotStorable */
  image(): Promise<Uint8Array> {
    return this.#ask('saveImage');
  }

  /** What the card did: in its last command, or since {@link mark} (without a mark, since it was made). */
  async counters(scope: 'last-command' | 'since-mark' = 'last-command'): Promise<Counters> {
    const body = new FieldWriter().flag(scope === 'since-mark').finish();
    return readCounters(new FieldReader(await this.#ask('counters', body)), scope === 'last-command');
  }

  /** Starts the figures `since-mark` anew. */
  async mark(): Promise<void> {
    await this.#ask('mark');
  }

  async memory(): Promise<MemoryReport> {
    return readMemory(new FieldReader(await this.#ask('memory')));
  }

  /**
   * The applet's persistent state without generator, PIN tries and crypto engines.
   *
   * @param options.except names `SimpleClassName.field` whose values, and whatever only they reach, are left out
   */
  async persistentState(options: { readonly except?: readonly string[] } = {}): Promise<PersistentState> {
    const body = new FieldWriter();
    body.list(options.except ?? [], (name) => body.string(name));
    return readPersistentState(new FieldReader(await this.#ask('persistentState', body.finish())));
  }

  /** Faults of the applet since the card object was made, oldest first; at most the newest 100. */
  async faults(): Promise<AppletFault[]> {
    return readFaults(new FieldReader(await this.#ask('faults')));
  }

  /**
   * Puts the card, switched off, into a virtual PC/SC reader; done when the reader has seen it: within 0.4 s, or 1.2 s where a card has just left.
   *
   * @throws CardInReader, ReaderUnreachable, ReaderOccupied
   */
  insert(link: ReaderLink): Promise<Insertion> {
    return this.#host.insert(this.#handle, link);
  }

  /** Takes the card out between two commands. @throws NotInReader */
  async eject(): Promise<void> {
    await this.#ask('eject', new FieldWriter().flag(false).finish());
  }

  /**
   * Pulls the card out, also in the middle of a command: the reader never gets its answer. How far the command came on the
   * card is then up to chance; {@link cutPowerAt} decides it.
   *
   * @throws NotInReader
   */
  async yank(): Promise<void> {
    await this.#ask('eject', new FieldWriter().flag(true).finish());
  }

  /** Takes the card out of its reader, saves it if it has a file, and gives the file free. */
  async close(): Promise<void> {
    await this.#ask('close');
  }

  #numberOf(snapshot: Snapshot): Uint8Array {
    if (snapshot.cardHandle !== this.#handle) {
      throw new BridgeError('SnapshotUnknown', 'The snapshot is of another card.');
    }
    return new FieldWriter().u32(snapshot.number).finish();
  }

  #ask(operation: Operation, body?: Uint8Array): Promise<Uint8Array> {
    return this.#host.connection.request(operation, this.#handle, body);
  }
}
