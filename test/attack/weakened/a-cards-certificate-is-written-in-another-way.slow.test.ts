// How the length of a signature is written nobody signed: the same certificate, and another for whoever compares bytes.
import { concat } from '../../../host/protocol/codec/bytes.js';
import { tags } from '../../../host/protocol/generated/tlv.js';
import { carelessLengths } from '../support/careless-host.js';
import { counterfeit } from '../support/counterfeit.js';
import { encode } from '../support/forger.js';
import type * as TillModule from '../support/till.js';
import { onBothHosts } from './both.js';

onBothHosts('A certificate of a card with a length in two bytes where one would do', {
  ids: '[R6] [M7]',
  who: 'terminal',
  lacks: 'hold a certificate to its one encoding',
  changes: carelessLengths,
  attack: async (host) => {
    const card = await counterfeit(({ body, signature }) =>
      encode({
        tag: tags.certificate,
        content: concat(body, encode({ tag: tags.signature, content: signature, length: 'two bytes' })),
      }),
    );
    const { Till } = await host<typeof TillModule>('test/attack/support/till.js');
    await new Till('gullible').open(card, { full: true });
  },
});
