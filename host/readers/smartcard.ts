/** Readers through PC/SC by the npm module `smartcard`, whose only importer this is. */
import { T0Channel } from '../protocol/channel/t0.js';
import type { CardChannel } from '../protocol/channel/channel.js';
import { closedError, connectError, moduleError, readerError } from './pcsc-errors.js';
import { cardState, eventsBetween, listOfReaders, withoutChange } from './pcsc-states.js';
import type { StateWords } from './pcsc-states.js';
import { answered, patience } from './patience.js';
import type { Terms } from './patience.js';
import { ReaderError, pcscCapabilities } from './reader.js';
import type { CardConnection, CardReader, ReaderEvent, ReaderHub, ReaderState } from './reader.js';

/** What of the module is used. */
export interface SmartcardModule {
  readonly Context: new () => NativeContext;
  readonly SCARD_SHARE_EXCLUSIVE: number;
  readonly SCARD_PROTOCOL_T0: number;
  readonly SCARD_PROTOCOL_T1: number;
  readonly SCARD_RESET_CARD: number;
}

export interface NativeContext {
  listReaders(): NativeReader[];
  /** Empty after the time-out, null when cancelled. */
  waitForChange(readers: NativeState[], timeout: number): Promise<readonly NativeState[] | null>;
  cancel(): void;
  close(): void;
}

export interface NativeState {
  readonly name: string;
  readonly state: number;
  readonly changed: boolean;
  readonly atr: Buffer | null;
}

export interface NativeReader {
  readonly name: string;
  readonly state: number;
  readonly atr: Buffer | null;
  connect(shareMode: number, protocols: number): Promise<NativeCard>;
}

export interface NativeCard {
  readonly protocol: number;
  readonly atr: Buffer | null;
  transmit(command: Buffer): Promise<Buffer>;
  disconnect(disposition: number): void;
}

/** Readers come and go unnoticed between two calls of PC/SC; then they are found this many milliseconds later. */
const longestWait = 1000;

/**
 * @param load gives the module; the npm module itself unless given
 * @param within milliseconds a card may take to answer
 * @throws ReaderError no-module, no-pcsc, failed
 */
export async function openSmartcardHub(load = loadModule, within = patience): Promise<ReaderHub> {
  const native = await load().catch((error: unknown) => {
    throw moduleError('smartcard', error);
  });
  return new SmartcardHub(native, within);
}

async function loadModule(): Promise<SmartcardModule> {
  return import('smartcard');
}

class SmartcardHub implements ReaderHub {
  readonly #native: SmartcardModule;
  readonly #within: number;
  #context: NativeContext | undefined;
  /** Each with a call that hangs: to use, close or collect it would wait for that call. */
  readonly #abandoned: NativeContext[] = [];
  readonly #connections = new Set<SmartcardConnection>();
  readonly #watches = new Set<Watch>();

  constructor(native: SmartcardModule, within: number) {
    this.#native = native;
    this.#within = within;
    this.#context = newContext(native);
  }

  list(): Promise<readonly CardReader[]> {
    return attempt(() =>
      this.#open()
        .listReaders()
        .map(({ name }) => this.#reader(name)),
    );
  }

  async watch(listener: (event: ReaderEvent) => void): Promise<() => void> {
    const watch = new Watch(newContext(this.#native), listener);
    await attempt(() => watch.start());
    this.#watches.add(watch);
    return () => {
      this.#watches.delete(watch);
      watch.stop();
    };
  }

  async close(): Promise<void> {
    for (const watch of this.#watches) watch.stop();
    this.#watches.clear();
    for (const connection of this.#connections) await connection.close();
    this.#context?.close();
  }

  #open(): NativeContext {
    return (this.#context ??= newContext(this.#native));
  }

  #abandon(context: NativeContext): void {
    this.#abandoned.push(context);
    if (this.#context === context) this.#context = undefined;
  }

  #reader(name: string): CardReader {
    return {
      name,
      capabilities: pcscCapabilities,
      state: () => attempt(() => stateOf(this.#find(name))),
      connect: () => this.#connect(name),
    };
  }

  async #connect(name: string): Promise<CardConnection> {
    const { SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0, SCARD_PROTOCOL_T1, SCARD_RESET_CARD } = this.#native;
    try {
      const context = this.#open();
      const hung = (): void => this.#abandon(context);
      const connecting = this.#find(name).connect(SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1);
      const card = await answered(connecting, this.#within, hung);
      const protocol = card.protocol === SCARD_PROTOCOL_T0 ? 'T=0' : 'T=1';
      const connection = new SmartcardConnection(name, card, protocol, {
        reset: SCARD_RESET_CARD,
        within: this.#within,
        closed: () => this.#connections.delete(connection),
        hung,
      });
      this.#connections.add(connection);
      return connection;
    } catch (error) {
      throw connectError(error);
    }
  }

  #find(name: string): NativeReader {
    const reader = this.#open()
      .listReaders()
      .find((candidate) => candidate.name === name);
    if (!reader) throw new ReaderError('reader-removed', `The reader "${name}" was removed.`);
    return reader;
  }
}

interface SmartcardTerms extends Terms {
  /** The disposition that resets the card. */
  readonly reset: number;
}

class SmartcardConnection implements CardConnection {
  readonly atr: Uint8Array;
  readonly #card: NativeCard;
  readonly #channel: CardChannel;
  readonly #terms: SmartcardTerms;
  #open = true;

  constructor(
    readonly reader: string,
    card: NativeCard,
    readonly protocol: 'T=0' | 'T=1',
    terms: SmartcardTerms,
  ) {
    this.#card = card;
    this.#terms = terms;
    this.atr = Uint8Array.from(card.atr ?? []);
    const givenUp = (): void => {
      this.#forget();
      terms.hung();
    };
    const link: CardChannel = {
      transmit: async (apdu) =>
        Uint8Array.from(await answered(card.transmit(Buffer.from(apdu)), terms.within, givenUp)),
    };
    this.#channel = protocol === 'T=0' ? new T0Channel(link) : link;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (!this.#open) throw closedError();
    try {
      return await this.#channel.transmit(apdu);
    } catch (error) {
      throw readerError(error);
    }
  }

  close(): Promise<void> {
    if (!this.#open) return Promise.resolve();
    this.#forget();
    try {
      this.#card.disconnect(this.#terms.reset);
    } catch {
      // the card is gone, and its session with it
    }
    return Promise.resolve();
  }

  #forget(): void {
    this.#open = false;
    this.#terms.closed();
  }
}

/** Looks at all readers, waits for a change, looks again. */
class Watch {
  readonly #context: NativeContext;
  readonly #listener: (event: ReaderEvent) => void;
  #states: StateWords = new Map();
  #stopped = false;

  constructor(context: NativeContext, listener: (event: ReaderEvent) => void) {
    this.#context = context;
    this.#listener = listener;
  }

  start(): void {
    try {
      this.#states = this.#look();
    } catch (error) {
      this.#context.close();
      throw error;
    }
    void this.#run();
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    try {
      this.#context.cancel(); // ends a wait under way; the loop then closes the context
    } catch {
      // the service is gone, and the wait with it
    }
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopped) {
        await this.#change();
        if (!this.#stopped) this.#tell();
      }
    } catch (error) {
      if (!this.#stopped) this.#listener({ kind: 'ended', error: readerError(error) });
    } finally {
      this.#context.close();
    }
  }

  async #change(): Promise<void> {
    const waiting = [...this.#states, [listOfReaders, 0] as const];
    const states = waiting.map(([name, state]) => ({ name, state, changed: false, atr: null }));
    try {
      await this.#context.waitForChange(states, longestWait);
    } catch (error) {
      if (readerError(error).code !== 'reader-removed') throw error; // the next look finds it gone
    }
  }

  #tell(): void {
    const now = this.#look();
    const events = eventsBetween(this.#states, now);
    this.#states = now;
    events.forEach((event) => this.#listener(event));
  }

  #look(): StateWords {
    return new Map(this.#context.listReaders().map(({ name, state }) => [name, withoutChange(state)]));
  }
}

function stateOf({ name, state, atr }: NativeReader): ReaderState {
  return { name, card: cardState(state), ...(atr && { atr: Uint8Array.from(atr) }) };
}

function newContext(native: SmartcardModule): NativeContext {
  try {
    return new native.Context();
  } catch (error) {
    throw readerError(error);
  }
}

/** Native calls throw on the spot; callers of a hub get a promise either way. */
async function attempt<T>(act: () => T): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw readerError(error);
  }
}
