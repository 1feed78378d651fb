/** The readers of one call: PC/SC and simulated ones, opened when they are first looked into, closed when the call ends. */
import { join } from 'node:path';
import type { ReaderHub } from '../readers/reader.js';
import type { ReaderSources } from '../readers/select.js';
import type { Home } from '../terminal/home.js';

export class CallReaders implements ReaderSources {
  readonly #opened = new Map<'pcsc' | 'simulator', Promise<ReaderHub>>();

  constructor(
    private readonly home: () => Home,
    private readonly projectFolder: string,
  ) {}

  readonly pcsc = (): Promise<ReaderHub> => this.#once('pcsc', openPcsc);

  readonly simulator = (): Promise<ReaderHub> =>
    this.#once('simulator', async () => {
      const { SimulatorHub } = await import('../readers/simulator.js');
      return new SimulatorHub({ cardsFolder: join(this.home().folder, 'cards'), projectFolder: this.projectFolder });
    });

  /** Closes what was opened; a hub that could not be opened has nothing to close. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#opened.values());
    this.#opened.clear();
    for (const hub of opened) if (hub.status === 'fulfilled') await hub.value.close();
  }

  #once(kind: 'pcsc' | 'simulator', open: () => Promise<ReaderHub>): Promise<ReaderHub> {
    const hub = this.#opened.get(kind) ?? open();
    this.#opened.set(kind, hub);
    return hub;
  }
}

/** Native code is loaded only by a call that needs it. */
async function openPcsc(): Promise<ReaderHub> {
  const { openPcscHub } = await import('../readers/pcsc.js');
  return openPcscHub();
}
