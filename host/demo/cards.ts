/** Where the demo's cards lie: in simulated readers of this process, or in pcscd's virtual readers, as behind a USB reader. */
import { openPcscd, startBridge } from 'jcardsim-ts-bridge';
import type { Bridge, Card, Pcscd } from 'jcardsim-ts-bridge';
import { ReaderError } from '../readers/reader.js';
import type { CardConnection, CardReader, ReaderHub } from '../readers/reader.js';
import { simulatedPurse } from '../readers/simulator-spec.js';
import { openSmartcardHub } from '../readers/smartcard.js';
import { Failure } from '../terminal/outcome.js';

/** A card on the table, ready to be presented. */
export interface DemoCard {
  /** Puts it on a reader. */
  connect(): Promise<CardConnection>;
}

export interface DemoTable {
  /** Where the cards lie, for the person who watches. */
  readonly description: string;
  /** Makes a raw card. @param installParameters 41 bytes */
  make(installParameters: Uint8Array): Promise<DemoCard>;
  close(): Promise<void>;
}

/** Cards in this process. @param folder the project's, with the compiled applet */
export async function directTable(folder: string): Promise<DemoTable> {
  const bridge = await startBridge();
  return {
    description: 'simulated cards in this process',
    make: async (installParameters) => {
      const card = await bridge.createCard(simulatedPurse(folder, installParameters));
      return { connect: () => directConnection(card) };
    },
    close: () => bridge.close(),
  };
}

async function directConnection(card: Card): Promise<CardConnection> {
  const atr = await card.powerOn();
  return {
    reader: 'simulated reader',
    atr,
    protocol: 'T=1',
    transmit: (apdu) => card.transmit(apdu),
    close: () => card.powerOff(),
  };
}

/**
 * Cards in the virtual readers of pcscd, which is started where it does not run and ended again.
 *
 * @throws BridgeError PcscdNotInstalled, VpcdNotInstalled, PcscdNotReady; Failure driver-missing
 */
export async function pcscTable(folder: string): Promise<DemoTable> {
  const pcscd = await openPcscd();
  try {
    const hub = await nativeHub();
    return new PcscTable(folder, await startBridge(), pcscd, hub);
  } catch (error) {
    await pcscd.stop();
    throw error;
  }
}

class PcscTable implements DemoTable {
  readonly description = 'PC/SC: pcscd, virtual readers, the native binding "smartcard"';
  #inserted = 0;
  readonly #cards: Card[] = [];

  constructor(
    private readonly folder: string,
    private readonly bridge: Bridge,
    private readonly pcscd: Pcscd,
    private readonly hub: ReaderHub,
  ) {}

  async make(installParameters: Uint8Array): Promise<DemoCard> {
    const card = await this.bridge.createCard(simulatedPurse(this.folder, installParameters));
    const slot = this.#inserted++;
    await card.insert({ link: 'vpcd', port: this.pcscd.port + slot });
    this.#cards.push(card);
    const reader = await this.#readerOf(slot);
    return { connect: () => reader.connect() };
  }

  /** pcscd takes a moment to notice a card. */
  async #readerOf(slot: number): Promise<CardReader> {
    const suffix = `0${slot}`;
    const deadline = Date.now() + 10_000;
    for (;;) {
      const readers = await this.hub.list();
      const reader = readers.find(({ name }) => /virtual pcd/i.test(name) && name.trim().endsWith(suffix));
      if (reader !== undefined && (await reader.state()).card === 'present') return reader;
      if (Date.now() > deadline) {
        throw new Failure('pcscd-failed', 'pcscd does not show the virtual card.', {
          next: './epurse doctor says more.',
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async close(): Promise<void> {
    await this.hub.close();
    for (const card of this.#cards) await card.eject();
    await this.bridge.close();
    await this.pcscd.stop();
  }
}

async function nativeHub(): Promise<ReaderHub> {
  try {
    return await openSmartcardHub();
  } catch (cause) {
    if (!(cause instanceof ReaderError)) throw cause;
    throw new Failure('driver-missing', cause.message, { next: './epurse doctor says what is missing.', cause });
  }
}
