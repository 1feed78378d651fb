// An acquirer has a CA for shops. With it he certifies a card of his own making, and pays at his competitor's.
import { authoritySigner, cardCertificate, keyIdOf } from '../../helpers/scheme.js';
import { counterfeit } from '../support/counterfeit.js';
import type * as TillModule from '../support/till.js';
import { onBothHosts } from './both.js';

onBothHosts('A card that an acquirer certified', {
  ids: '[R6] [M12]',
  who: 'terminal',
  lacks: 'ask which CA may certify a card',
  changes: [
    {
      module: 'host/protocol/certificates/card.js',
      find: '({ keyId }) => keyId.authority === Authority.cardCa',
      put: '() => true',
    },
  ],
  attack: async (host) => {
    const card = await counterfeit(({ cardId, signPoint, agreePoint }) =>
      cardCertificate({
        cardId,
        signPoint,
        agreePoint,
        authority: keyIdOf('posCa'),
        ca: authoritySigner('posCa'),
      }),
    );
    const { Till } = await host<typeof TillModule>('test/attack/support/till.js');
    const till = new Till('competitor');
    await till.pay(await till.open(card, { full: true }), till.order(20_00n));
  },
});
