// The suite through pcscd and its virtual reader, as a card with T=1 and as one with T=0.
import { isBridgeError, openPcscd } from 'jcardsim-ts-bridge';
import type { Pcscd } from 'jcardsim-ts-bridge';
import { fromHex } from '../../host/protocol/codec/bytes.js';
import { openPcscHub } from '../../host/readers/pcsc.js';
import { isReaderError } from '../../host/readers/reader.js';
import type { CardReader, ReaderHub } from '../../host/readers/reader.js';
import { waitForCard, waitForRemoval } from '../../host/readers/wait.js';
import { sharedBridge } from '../helpers/bridge.js';
import { Shelf } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { batchKey } from '../helpers/personalize.js';
import { conformance } from './suite.js';
import type { Target } from './target.js';

/** Historical bytes "epurs"; TD1 offers T=1, without it a card speaks T=0 (ISO 7816-3 sections 8.2.3 and 8.2.5). */
const atrs = { 'T=1': fromHex('3b85016570757273e5'), 'T=0': fromHex('3b056570757273') } as const;

function virtualReader(protocol: keyof typeof atrs): Target {
  const name = `virtual reader, ${protocol}`;
  let pcscd: Pcscd | undefined;
  let hub: ReaderHub | undefined;
  let reader: CardReader | undefined;
  let card: TestCard | undefined;

  async function open(): Promise<string | undefined> {
    pcscd = await openPcscd();
    hub = await openPcscHub();
    reader = await freeReader(hub);
    if (!reader) return 'every virtual reader has a card in it';
    const shelf = new Shelf(await sharedBridge(), `conformance ${name}`, { atr: atrs[protocol] });
    card = await shelf.take('raw');
    await card.card.powerOff();
    const inserted = waitForCard(hub, reader);
    await card.card.insert({ link: 'vpcd', port: pcscd.port + Number(reader.name.slice(-1)) });
    await (await inserted).close();
    return undefined;
  }

  return {
    name,
    batchKey,
    mayConsume: true,
    prepare: () =>
      open().catch((error: unknown) => {
        if (isBridgeError(error, 'PcscdNotInstalled', 'VpcdNotInstalled', 'PcscdNotReady')) return error.message;
        if (isReaderError(error, 'no-module', 'no-pcsc')) return error.message;
        throw error;
      }),
    connect: async () => {
      if (!reader) throw new Error('there is no reader');
      const connection = await reader.connect();
      if (connection.protocol !== protocol) throw new Error(`the reader speaks ${connection.protocol}`);
      return connection;
    },
    finish: async () => {
      if (card && hub && reader) {
        const gone = waitForRemoval(hub, reader);
        await card.card.eject();
        await gone;
        await card.card.close();
      }
      await hub?.close();
      await pcscd?.stop();
    },
  };
}

async function freeReader(hub: ReaderHub): Promise<CardReader | undefined> {
  const readers = (await hub.list()).filter(({ name }) => name.startsWith('Virtual PCD'));
  const states = await Promise.all(readers.map((reader) => reader.state()));
  return readers.find((_, i) => states[i]?.card === 'absent');
}

conformance(virtualReader('T=1'));
conformance(virtualReader('T=0'));
