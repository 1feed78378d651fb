// A thief cuts the line of a shop on every visit, so that it never hears that his card is listed.
import { day } from '../../../host/protocol/codec/time.js';
import type * as SiteModule from '../../helpers/site.js';
import { Repelled, onBothHosts } from './both.js';

onBothHosts('A thief who keeps a shop from hearing of his card, week after week', {
  ids: '[R17] [M12]',
  who: 'terminal',
  lacks: 'ask how old its hot list is',
  changes: [{ module: 'host/pos/checks.js', find: 'now - listIssuedAt <= context.listMaxAge', put: 'true' }],
  attack: async (host) => {
    const { Site } = await host<typeof SiteModule>('test/helpers/site.js');
    const site = new Site();
    try {
      const stolen = await site.issuedCard(100_00n);
      await site.pay(stolen.link, 1_00n);
      site.issuer.list(stolen.cardId);
      for (let week = 1; week <= 4; week++) {
        site.clock.advance(7 * day);
        site.issuerLink.cut(0, 'before');
        const visit = await site.pay(stolen.link, 1_00n);
        if (visit.result !== 'paid') throw new Repelled(`week ${week}: ${visit.result}`);
      }
    } finally {
      site.close();
    }
  },
});
