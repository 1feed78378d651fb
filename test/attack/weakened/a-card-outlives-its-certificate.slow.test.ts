// Five years have passed. Somebody who has read the keys out of his card pays on with them: nothing of his own refuses him any more.
import { issueCardCertificate, parseCardCertificate } from '../../../host/protocol/certificates/card.js';
import { concat, u16 } from '../../../host/protocol/codec/bytes.js';
import { day } from '../../../host/protocol/codec/time.js';
import { commands } from '../../../host/protocol/generated/commands.js';
import { Authority } from '../../../host/protocol/generated/enums.js';
import { issuerKeyring } from '../../../host/issuer/pki/scheme-init.js';
import type * as SiteModule from '../../helpers/site.js';
import { Repelled, onBothHosts } from './both.js';

onBothHosts('A card whose certificate has run out, and which no longer looks at dates', {
  ids: '[R6] [R8] [M9]',
  who: 'terminal',
  lacks: 'look at the date of a card’s certificate',
  changes: [
    {
      module: 'host/terminal/flow/expiry.js',
      find: 'return s1.expired || now >= card.expiry;',
      put: 'return s1.expired;',
    },
  ],
  attack: async (host) => {
    const { Site } = await host<typeof SiteModule>('test/helpers/site.js');
    const site = new Site();
    try {
      const { link } = await site.issuedCard(50_00n);
      const ca = issuerKeyring(site.home, site.scheme).signer(Authority.cardCa);
      const dates = { effective: site.clock.now - 100 * day, expiry: site.clock.now - day };
      link.tamper = (answer, apdu) => {
        // its certificate is the longest that a card says in the opening
        if (apdu[1] !== commands.OPEN_SESSION_FULL.ins || answer.length < 200) return answer;
        const own = parseCardCertificate(answer.slice(0, -2));
        return concat(issueCardCertificate({ ...own, ...dates }, ca), u16(0x9000));
      };
      const outcome = await site.pay(link, 20_00n);
      if (outcome.result !== 'paid')
        throw new Repelled(outcome.result === 'refused' ? outcome.refusal.code : outcome.result);
    } finally {
      site.close();
    }
  },
});
