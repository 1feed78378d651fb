// A merchant takes a sale back in his friend's presence, and hands it in all the same.
import { Outcome } from '../../../host/protocol/generated/enums.js';
import { openBooks } from '../support/books.js';
import type * as TillModule from '../support/till.js';
import { Repelled, onBothHosts } from './both.js';

onBothHosts('A merchant who settles what he cancelled', {
  ids: '[R13] [M1] [M12]',
  who: 'issuer',
  lacks: 'look whether a sale was cancelled',
  changes: [
    {
      module: 'host/issuer/domain/claims.js',
      find: "case 'cancelled':",
      put: "case 'cancelled': book.claim(record, claim.merchant); return 'accepted';",
    },
  ],
  attack: async (host) => {
    const { card, openShop } = await openBooks(host);
    const { seenAfter } = await host<typeof TillModule>('test/attack/support/till.js');
    const shop = await openShop();
    const { till } = shop;
    const session = await till.open(card.link, { full: true });
    const sold = await till.pay(session, till.order(10_00n));
    const undone = await till.cancel(session, till.cancelOf(sold), { seen: seenAfter(sold) });
    shop.note(card, sold);
    shop.note(card, undone, Outcome.void);
    await card.synchronise();
    await shop.handIn(2);
    const his = await shop.owed();
    if (his !== 10_00n) throw new Repelled(`the issuer owes him ${his}`);
  },
});
