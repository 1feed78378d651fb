/**
 * Simulated cards as readers: `sim:NAME` is a reader that holds the card of the image `NAME.card`. The only user of the
 * bridge's cards. The Java process starts with the first connection.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isBridgeError, startBridge } from 'jcardsim-ts-bridge';
import type { Bridge, Card } from 'jcardsim-ts-bridge';
import { ReaderError, simulatorCapabilities } from './reader.js';
import type { CardConnection, CardReader, ReaderErrorCode, ReaderHub, ReaderState } from './reader.js';
import { simulatedPurse } from './simulator-spec.js';

export const simulatorPrefix = 'sim:';
const imageSuffix = '.card';

export interface SimulatorOptions {
  /** The folder of the images. */
  readonly cardsFolder: string;
  /** The project's folder, which holds the compiled applet. */
  readonly projectFolder: string;
  /** Starts the Java process; the bridge's own way unless given. */
  readonly start?: () => Promise<Bridge>;
}

export class SimulatorHub implements ReaderHub {
  readonly #options: SimulatorOptions;
  readonly #open = new Set<SimulatedConnection>();
  #bridge: Promise<Bridge> | undefined;

  constructor(options: SimulatorOptions) {
    this.#options = options;
  }

  list(): Promise<readonly SimulatedReader[]> {
    const { cardsFolder } = this.#options;
    const files = existsSync(cardsFolder) ? readdirSync(cardsFolder) : [];
    const names = files.filter((file) => file.endsWith(imageSuffix)).map((file) => file.slice(0, -imageSuffix.length));
    return Promise.resolve(names.sort().map((name) => this.#reader(name)));
  }

  /** Simulated cards neither come nor go. */
  watch(): Promise<() => void> {
    return Promise.resolve(() => undefined);
  }

  async close(): Promise<void> {
    const bridge = this.#bridge;
    this.#bridge = undefined;
    for (const connection of this.#open) await connection.close();
    await (await bridge?.catch(() => undefined))?.close();
  }

  #reader(name: string): SimulatedReader {
    const file = join(this.#options.cardsFolder, name + imageSuffix);
    return new SimulatedReader(simulatorPrefix + name, async (reader) => {
      const bridge = await this.#started();
      const card = await bridge.openCard({ file }, simulatedPurse(this.#options.projectFolder));
      const connection = new SimulatedConnection(reader, card, await card.powerOn(), () =>
        this.#open.delete(connection),
      );
      this.#open.add(connection);
      return connection;
    });
  }

  #started(): Promise<Bridge> {
    this.#bridge ??= (this.#options.start ?? startBridge)().catch((error: unknown) => {
      this.#bridge = undefined; // the next connection may find what was missing
      throw error;
    });
    return this.#bridge;
  }
}

export class SimulatedReader implements CardReader {
  readonly capabilities = simulatorCapabilities;
  readonly #connect: (reader: string) => Promise<SimulatedConnection>;

  constructor(
    readonly name: string,
    connect: (reader: string) => Promise<SimulatedConnection>,
  ) {
    this.#connect = connect;
  }

  state(): Promise<ReaderState> {
    return Promise.resolve({ name: this.name, card: 'present' });
  }

  /** @throws ReaderError sharing (another process has the card), no-card (its image is gone), image-unfit, simulator */
  async connect(): Promise<SimulatedConnection> {
    return asReaderError(this.#connect(this.name));
  }
}

export class SimulatedConnection implements CardConnection {
  readonly protocol = 'T=1';
  readonly #closed: () => void;
  #state: 'open' | 'closed' = 'open';

  /** @param card the bridge's card, for those who cut its power or count its work */
  constructor(
    readonly reader: string,
    readonly card: Card,
    readonly atr: Uint8Array,
    closed: () => void,
  ) {
    this.#closed = closed;
  }

  /** @throws ReaderError card-removed (power was cut), closed, simulator */
  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.#state === 'closed') throw new ReaderError('closed', 'The connection with the card is closed.');
    return asReaderError(this.card.transmit(apdu));
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#closed();
    await asReaderError(this.card.close());
  }
}

async function asReaderError<T>(act: Promise<T>): Promise<T> {
  try {
    return await act;
  } catch (error) {
    throw new ReaderError(codeOf(error), error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function codeOf(error: unknown): ReaderErrorCode {
  if (isBridgeError(error, 'PowerLost', 'CardOff', 'CardClosed')) return 'card-removed';
  if (isBridgeError(error, 'ImageInUse')) return 'sharing';
  if (isBridgeError(error, 'ImageMissing')) return 'no-card';
  if (isBridgeError(error, 'ImageDamaged', 'ImageOtherApplet')) return 'image-unfit';
  return 'simulator';
}
