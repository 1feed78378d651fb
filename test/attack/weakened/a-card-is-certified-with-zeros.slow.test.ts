// r = 0 and s = 0 under a card's certificate: whoever does not ask for their range takes any card for one of the scheme (CVE-2022-21449).
import { fromHex } from '../../../host/protocol/codec/bytes.js';
import { authoritySigner, cardCertificate } from '../../helpers/scheme.js';
import { carelessSignatures } from '../support/careless-host.js';
import { counterfeit } from '../support/counterfeit.js';
import type * as TillModule from '../support/till.js';
import { onBothHosts } from './both.js';

onBothHosts('A card that certified itself with zeros', {
  ids: '[R6] [M2]',
  who: 'terminal',
  lacks: 'ask for r and s above zero',
  changes: carelessSignatures,
  attack: async (host) => {
    const card = await counterfeit(({ cardId, signPoint, agreePoint }) =>
      cardCertificate({
        cardId,
        signPoint,
        agreePoint,
        ca: { ...authoritySigner('cardCa'), sign: () => fromHex('3006020100020100') },
      }),
    );
    const { Till } = await host<typeof TillModule>('test/attack/support/till.js');
    const till = new Till('gullible');
    await till.pay(await till.open(card, { full: true }), till.order(20_00n));
  },
});
