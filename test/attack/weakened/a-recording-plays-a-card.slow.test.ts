// Somebody recorded what a card said to a till, and comes back with the recording.
import { freshCard } from '../../helpers/cards.js';
import { Wiretap } from '../support/conversation.js';
import type * as TillModule from '../support/till.js';
import { onBothHosts } from './both.js';

onBothHosts('A recording of a card', {
  ids: '[R6] [R12] [M7]',
  who: 'terminal',
  lacks: 'draw random numbers of its own for each session',
  changes: [
    {
      module: 'host/protocol/crypto/random.js',
      find: 'export const systemRandom = randomBytes;',
      put: 'export const systemRandom = (length) => new Uint8Array(length).fill(7);',
    },
  ],
  attack: async (host) => {
    const { Till } = await host<typeof TillModule>('test/attack/support/till.js');
    const till = new Till('recorded');
    const tap = new Wiretap(await freshCard('active'));
    await till.open(tap, { full: true });
    const answers = tap.heard.map(({ answer }) => answer);
    await till.open({ transmit: () => Promise.resolve(answers.shift() ?? new Uint8Array(0)) }, { full: true });
  },
});
