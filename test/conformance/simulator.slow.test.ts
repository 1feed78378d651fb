// The suite on the simulator: directly, and through a link that works as T=0 does.
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { T0Channel } from '../../host/protocol/channel/t0.js';
import { freshCard } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { batchKey } from '../helpers/personalize.js';
import { conformance } from './suite.js';
import { T0Card } from './t0-card.js';
import type { Target } from './target.js';

function simulator(protocol: 'T=0' | 'T=1', over: (card: TestCard) => CardChannel): Target {
  const name = `simulator, ${protocol}`;
  let card: TestCard | undefined;
  return {
    name,
    batchKey,
    mayConsume: true,
    prepare: async () => {
      card = await freshCard('raw', `conformance ${protocol}`);
      return undefined;
    },
    connect: async () => {
      if (!card) throw new Error('the card was not prepared');
      const atr = await card.card.reset();
      const link = over(card);
      const transmit = (apdu: Uint8Array): Promise<Uint8Array> => link.transmit(apdu);
      return { reader: name, protocol, atr, transmit, close: () => Promise.resolve() };
    },
    finish: () => Promise.resolve(),
  };
}

conformance(simulator('T=1', (card) => card));
conformance(simulator('T=0', (card) => new T0Channel(new T0Card(card))));
