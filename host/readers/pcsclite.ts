/** Readers through PC/SC by the npm module `pcsclite`, whose only importer this is: for machines where `smartcard` does not build. */
import { T0Channel } from '../protocol/channel/t0.js';
import type { CardChannel } from '../protocol/channel/channel.js';
import { closedError, connectError, moduleError, readerError } from './pcsc-errors.js';
import { cardState, eventsBetween } from './pcsc-states.js';
import { answered, patience } from './patience.js';
import type { Terms } from './patience.js';
import { ReaderError, pcscCapabilities } from './reader.js';
import type { CardConnection, CardReader, ReaderEvent, ReaderHub, ReaderState } from './reader.js';

/** What of the module is used. */
export type PcscliteModule = () => NativePcsc;

type Callback<T extends unknown[]> = (error: Error | null | undefined, ...results: T) => void;

export interface NativePcsc {
  on(event: 'reader', listener: (reader: NativeReader) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): void;
}

export interface NativeReader {
  readonly name: string;
  readonly SCARD_SHARE_EXCLUSIVE: number;
  readonly SCARD_PROTOCOL_T0: number;
  readonly SCARD_PROTOCOL_T1: number;
  readonly SCARD_RESET_CARD: number;
  on(event: 'status', listener: (status: { readonly state: number; readonly atr?: Buffer }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  connect(options: { share_mode: number; protocol: number }, callback: Callback<[protocol: number]>): void;
  transmit(data: Buffer, longest: number, protocol: number, callback: Callback<[answer: Buffer]>): void;
  disconnect(disposition: number, callback: Callback<[]>): void;
  close(): void;
}

/** The module tells of readers, never that there are none: after this many milliseconds the first list counts as whole. */
const settling = 300;
const longestAnswer = 258;

interface Known {
  readonly native: NativeReader;
  /** Undefined until the reader has told it. */
  state: number | undefined;
  atr: Uint8Array | undefined;
}

/**
 * @param load gives the module; the npm module itself unless given
 * @param within milliseconds a card may take to answer
 * @throws ReaderError no-module, no-pcsc, failed
 */
export async function openPcscliteHub(load = loadModule, within = patience): Promise<ReaderHub> {
  const pcsc = await load().catch((error: unknown) => {
    throw moduleError('pcsclite', error);
  });
  try {
    const hub = new PcscliteHub(pcsc(), within);
    await hub.settled;
    return hub;
  } catch (error) {
    throw readerError(error); // the module throws where no service runs
  }
}

async function loadModule(): Promise<PcscliteModule> {
  return (await import('pcsclite')).default;
}

class PcscliteHub implements ReaderHub {
  /** Every reader that was there at the beginning has told its state. */
  readonly settled: Promise<void>;
  #settle: () => void = () => undefined;
  readonly #pcsc: NativePcsc;
  readonly #readers = new Map<string, Known>();
  readonly #listeners = new Set<(event: ReaderEvent) => void>();
  readonly #connections = new Set<PcscliteConnection>();
  readonly #within: number;
  /** With a call that hangs: to close it would wait for that call. */
  readonly #hung = new Set<NativeReader>();
  #failure: ReaderError | undefined;

  constructor(pcsc: NativePcsc, within: number) {
    this.#pcsc = pcsc;
    this.#within = within;
    pcsc.on('reader', (reader) => this.#added(reader));
    pcsc.on('error', (error) => this.#failed(error));
    this.settled = new Promise((done) => {
      const timer = setTimeout(done, settling);
      this.#settle = () => (clearTimeout(timer), done());
    });
  }

  list(): Promise<readonly CardReader[]> {
    if (this.#failure) return Promise.reject(this.#failure);
    return Promise.resolve([...this.#readers.keys()].map((name) => this.#reader(name)));
  }

  watch(listener: (event: ReaderEvent) => void): Promise<() => void> {
    if (this.#failure) return Promise.reject(this.#failure);
    const own = (event: ReaderEvent): void => listener(event);
    this.#listeners.add(own);
    return Promise.resolve(() => void this.#listeners.delete(own));
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    for (const connection of this.#connections) await connection.close();
    for (const { native } of this.#readers.values()) if (!this.#hung.has(native)) native.close();
    this.#pcsc.close();
  }

  #reader(name: string): CardReader {
    const find = (): Known => {
      const known = this.#readers.get(name);
      if (!known) throw new ReaderError('reader-removed', `The reader "${name}" was removed.`);
      return known;
    };
    return {
      name,
      capabilities: pcscCapabilities,
      state: async () => stateOf(await Promise.resolve(find())),
      connect: async () => this.#connect(await Promise.resolve(find())),
    };
  }

  async #connect({ native, atr }: Known): Promise<CardConnection> {
    // the module has one connection a reader, and would hand it out twice
    if ([...this.#connections].some(({ reader }) => reader === native.name)) {
      throw new ReaderError('sharing', 'This program has a connection with the card already.');
    }
    const options = {
      share_mode: native.SCARD_SHARE_EXCLUSIVE,
      protocol: native.SCARD_PROTOCOL_T0 | native.SCARD_PROTOCOL_T1,
    };
    try {
      const hung = (): void => void this.#hung.add(native);
      const connecting = called<number>((done) => native.connect(options, done));
      const protocol = await answered(connecting, this.#within, hung);
      const connection = new PcscliteConnection(native, protocol, atr ?? new Uint8Array(0), {
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

  #added(native: NativeReader): void {
    const known: Known = { native, state: undefined, atr: undefined };
    this.#readers.set(native.name, known);
    native.on('status', ({ state, atr }) => {
      const before = new Map([[native.name, known.state ?? 0]]);
      known.state = state;
      known.atr = atr && atr.length > 0 ? Uint8Array.from(atr) : undefined;
      eventsBetween(before, new Map([[native.name, state]])).forEach((event) => this.#tell(event));
      if ([...this.#readers.values()].every((each) => each.state !== undefined)) this.#settle();
    });
    native.on('end', () => {
      this.#readers.delete(native.name);
      this.#tell({ kind: 'reader-removed', reader: native.name });
    });
    native.on('error', (error) => this.#failed(error));
    this.#tell({ kind: 'reader-added', reader: native.name });
  }

  #failed(error: Error): void {
    if (this.#failure) return;
    this.#failure = readerError(error);
    this.#tell({ kind: 'ended', error: this.#failure });
  }

  #tell(event: ReaderEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

class PcscliteConnection implements CardConnection {
  readonly reader: string;
  readonly protocol: 'T=0' | 'T=1';
  readonly #native: NativeReader;
  readonly #channel: CardChannel;
  readonly #terms: Terms;
  #open = true;

  constructor(
    native: NativeReader,
    protocol: number,
    readonly atr: Uint8Array,
    terms: Terms,
  ) {
    this.reader = native.name;
    this.protocol = protocol === native.SCARD_PROTOCOL_T0 ? 'T=0' : 'T=1';
    this.#native = native;
    this.#terms = terms;
    const givenUp = (): void => {
      this.#open = false;
      terms.closed();
      terms.hung();
    };
    const link: CardChannel = {
      transmit: async (apdu) => {
        const answer = called<Buffer>((done) => native.transmit(Buffer.from(apdu), longestAnswer, protocol, done));
        return Uint8Array.from(await answered(answer, terms.within, givenUp));
      },
    };
    this.#channel = this.protocol === 'T=0' ? new T0Channel(link) : link;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (!this.#open) throw closedError();
    try {
      return await this.#channel.transmit(apdu);
    } catch (error) {
      throw readerError(error);
    }
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    const { SCARD_RESET_CARD } = this.#native;
    const disconnected = called<undefined>((done) =>
      this.#native.disconnect(SCARD_RESET_CARD, (error) => done(error, undefined)),
    );
    // an error here means that the card is gone, and its session with it
    await disconnected.catch(() => undefined);
    this.#terms.closed();
  }
}

function stateOf({ native, state, atr }: Known): ReaderState {
  return { name: native.name, card: cardState(state ?? 0), ...(atr && { atr }) };
}

/** Turns a callback into a promise; the module also throws on the spot. */
function called<T>(act: (done: Callback<[T]>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    act((error, result) => (error ? reject(error) : resolve(result)));
  });
}
