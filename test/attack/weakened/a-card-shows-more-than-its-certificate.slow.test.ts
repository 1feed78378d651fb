// What is behind a certificate nobody signed: one card would have a certificate for every list that names one.
import { concat } from '../../../host/protocol/codec/bytes.js';
import { carelessEnds } from '../support/careless-host.js';
import { counterfeit } from '../support/counterfeit.js';
import type * as TillModule from '../support/till.js';
import { onBothHosts } from './both.js';

onBothHosts('A certificate of a card with a byte behind it', {
  ids: '[R6] [M7]',
  who: 'terminal',
  lacks: 'read a certificate to its end',
  changes: carelessEnds,
  attack: async (host) => {
    const card = await counterfeit(({ bytes }) => concat(bytes, Uint8Array.of(0)));
    const { Till } = await host<typeof TillModule>('test/attack/support/till.js');
    await new Till('gullible').open(card, { full: true });
  },
});
