// A shop sells to a card that has long been listed, and writes a time from before the list into the record: the card takes it, and signs it.
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { day } from '../../../host/protocol/codec/time.js';
import type * as ListingModule from '../../../host/issuer/service/listing.js';
import { startTime } from '../../helpers/scheme.js';
import { openBooks } from '../support/books.js';
import { Repelled, onBothHosts } from './both.js';

onBothHosts('A shop that writes an earlier time into the sale to a listed card', {
  ids: '[R13] [R17] [M12]',
  who: 'issuer',
  lacks: 'remember when a shop closed its batches before',
  changes: [
    {
      module: 'host/issuer/domain/claims.js',
      find: 'return tn > before.lastTn ? Math.max(time, before.closedAt) : time;',
      put: 'return time;',
    },
  ],
  attack: async (host) => {
    const { issuer, card: stolen, openShop } = await openBooks(host);
    const { block } = await host<typeof ListingModule>('host/issuer/service/listing.js');
    const shop = await openShop();
    const { till } = shop;
    await block(issuer.issuer, toHex(stolen.cardId), 'stolen');
    await issuer.port.hotList(0);
    issuer.clock.advance(3 * day);
    await shop.handIn(0);
    // it has thought of it too late: an earlier time under another batch takes nothing of that back
    await shop.handIn(0, startTime);
    shop.note(stolen, await till.pay(await till.open(stolen.link), till.order(10_00n, { time: startTime })));
    await shop.handIn(1);
    const his = await shop.owed();
    if (his !== 10_00n) throw new Repelled(`the shop is owed ${his}`);
  },
});
