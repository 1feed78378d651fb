/** PC/SC as the npm modules show it, with nothing behind them. */
import { EventEmitter } from 'node:events';
import type { NativePcsc, NativeReader as LiteReader } from '../../host/readers/pcsclite.js';
import type {
  NativeCard,
  NativeContext,
  NativeReader,
  NativeState,
  SmartcardModule,
} from '../../host/readers/smartcard.js';

export const present = 0x20;
export const empty = 0x10;

/** A reader on the table: what is in it, and what it does. */
export interface FakeReader {
  state: number;
  protocol: 1 | 2;
  connectError?: string;
  transmit: (apdu: string) => string;
  /** The card answers no command until {@link answerNow}. */
  hangs: boolean;
  answerNow: () => void;
  readonly log: string[];
}

export class FakeTable {
  readonly readers = new Map<string, FakeReader>();
  /** Set: the service does not run, or fails from now on. */
  serviceError: string | undefined;
  readonly #waiting = new Set<() => void>();
  contexts = 0;

  add(name: string, state = empty): FakeReader {
    const reader: FakeReader = {
      state,
      protocol: 2,
      transmit: () => '9000',
      hangs: false,
      answerNow: () => undefined,
      log: [],
    };
    this.readers.set(name, reader);
    this.changed();
    return reader;
  }

  remove(name: string): void {
    this.readers.delete(name);
    this.changed();
  }

  /** Puts a card in or takes it out; the count in the upper half goes up as PC/SC counts. */
  set(name: string, state: number): void {
    const reader = this.readers.get(name);
    if (!reader) throw new Error(`no reader ${name}`);
    reader.state = (((reader.state >>> 16) + 1) << 16) | state;
    this.changed();
  }

  changed(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#waiting.add(wake);
    });
  }
}

export function fakeSmartcard(table: FakeTable): SmartcardModule {
  class Context implements NativeContext {
    #cancelled = false;

    constructor() {
      if (table.serviceError !== undefined) throw new Error(table.serviceError);
      table.contexts++;
    }

    listReaders(): NativeReader[] {
      if (table.serviceError !== undefined) throw new Error(table.serviceError);
      return [...table.readers].map(([name, reader]) => ({
        name,
        state: reader.state | 0x02,
        atr: (reader.state & present) !== 0 ? Buffer.from('3b8001', 'hex') : null,
        connect: (share, protocols) => Promise.resolve().then(() => connectTo(reader, share, protocols)),
      }));
    }

    async waitForChange(states: NativeState[]): Promise<readonly NativeState[] | null> {
      if (table.serviceError !== undefined) throw new Error(table.serviceError);
      await table.wait(20);
      const unknown = states.some(({ name }) => !name.startsWith('\\\\?PnP') && !table.readers.has(name));
      if (unknown) throw new Error('Unknown reader');
      return this.#cancelled ? null : [];
    }

    cancel(): void {
      this.#cancelled = true;
      table.changed();
    }

    close(): void {
      table.contexts--;
    }
  }
  return { Context, SCARD_SHARE_EXCLUSIVE: 1, SCARD_PROTOCOL_T0: 1, SCARD_PROTOCOL_T1: 2, SCARD_RESET_CARD: 1 };
}

function connectTo(reader: FakeReader, share: number, protocols: number): NativeCard {
  reader.log.push(`connect ${share} ${protocols}`);
  if (reader.connectError !== undefined) throw new Error(reader.connectError);
  if ((reader.state & present) === 0) throw new Error('No smart card present');
  return {
    protocol: reader.protocol,
    atr: Buffer.from('3b8001', 'hex'),
    transmit: (apdu) => free(reader).then(() => answerOf(reader, apdu)),
    disconnect: (disposition) => void reader.log.push(`disconnect ${disposition}`),
  };
}

/** Resolves when the card does not hang, or no longer. */
function free(reader: FakeReader): Promise<void> {
  return reader.hangs ? new Promise((resolve) => (reader.answerNow = resolve)) : Promise.resolve();
}

function answerOf(reader: FakeReader, apdu: Buffer): Buffer {
  reader.log.push(apdu.toString('hex'));
  return Buffer.from(reader.transmit(apdu.toString('hex')), 'hex');
}

/** The other module: events and callbacks. */
export class FakePcsclite extends EventEmitter implements NativePcsc {
  readonly natives = new Map<string, FakeLiteReader>();
  closed = false;

  constructor(readonly table: FakeTable) {
    super();
    if (table.serviceError !== undefined)
      throw new Error(`SCardEstablishContext error: Service not available.(0x8010001d)`);
    process.nextTick(() => [...table.readers.keys()].forEach((name) => this.plug(name)));
  }

  plug(name: string): void {
    const reader = this.table.readers.get(name) ?? this.table.add(name);
    const native = new FakeLiteReader(name, reader);
    this.natives.set(name, native);
    this.emit('reader', native);
    native.tell();
  }

  unplug(name: string): void {
    this.natives.get(name)?.emit('end');
  }

  set(name: string, state: number): void {
    this.table.set(name, state);
    this.natives.get(name)?.tell();
  }

  close(): void {
    this.closed = true;
  }
}

export class FakeLiteReader extends EventEmitter implements LiteReader {
  readonly SCARD_SHARE_EXCLUSIVE = 1;
  readonly SCARD_PROTOCOL_T0 = 1;
  readonly SCARD_PROTOCOL_T1 = 2;
  readonly SCARD_RESET_CARD = 1;

  constructor(
    readonly name: string,
    readonly reader: FakeReader,
  ) {
    super();
  }

  tell(): void {
    const { state } = this.reader;
    this.emit('status', { state, ...((state & present) !== 0 && { atr: Buffer.from('3b8001', 'hex') }) });
  }

  connect(
    options: { share_mode: number; protocol: number },
    done: (error: Error | null, protocol: number) => void,
  ): void {
    this.#answer(done, () => connectTo(this.reader, options.share_mode, options.protocol).protocol);
  }

  transmit(
    data: Buffer,
    _longest: number,
    _protocol: number,
    done: (error: Error | null, answer: Buffer) => void,
  ): void {
    void free(this.reader).then(() => this.#answer(done, () => answerOf(this.reader, data)));
  }

  disconnect(disposition: number, done: (error: Error | null) => void): void {
    this.reader.log.push(`disconnect ${disposition}`);
    setImmediate(() => done(null));
  }

  close(): void {
    this.reader.log.push('close');
  }

  #answer<T>(done: (error: Error | null, result: T) => void, act: () => T): void {
    setImmediate(() => {
      try {
        done(null, act());
      } catch (error) {
        done(error as Error, undefined as T);
      }
    });
  }
}
