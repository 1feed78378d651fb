/** One APDU through application, pcscd, driver and card, and back. */
import { isBridgeError, openPcscd } from 'jcardsim-ts-bridge';
import { select } from '../../host/protocol/commands/select.js';
import { openSmartcardHub } from '../../host/readers/smartcard.js';
import { freshCard } from '../helpers/cards.js';
import { median } from './bridge.js';

export type PcscRoundTrip = { readonly medianMs: number; readonly rounds: number } | { readonly missing: string };

/** SELECT, as often as asked. What this machine lacks is said instead. */
export async function pcscRoundTrip(rounds = 200): Promise<PcscRoundTrip> {
  try {
    return await measure(rounds);
  } catch (error) {
    if (isBridgeError(error)) return { missing: error.message };
    if (error instanceof Error && error.name === 'ReaderError') return { missing: error.message };
    throw error;
  }
}

async function measure(rounds: number): Promise<PcscRoundTrip> {
  const pcscd = await openPcscd();
  try {
    const { card } = await freshCard('active', 'bench pcsc');
    await card.insert({ link: 'vpcd', port: pcscd.port });
    const hub = await openSmartcardHub();
    try {
      const times: number[] = [];
      for (const reader of await hub.list()) {
        if ((await reader.state()).card !== 'present') continue;
        const connection = await reader.connect();
        for (let round = 0; round < rounds; round++) {
          const start = performance.now();
          await select(connection);
          times.push(performance.now() - start);
        }
        await connection.close();
      }
      if (times.length === 0) return { missing: 'The virtual reader shows no card.' };
      return { medianMs: median(times), rounds };
    } finally {
      await hub.close();
      await card.eject();
    }
  } finally {
    await pcscd.stop();
  }
}
