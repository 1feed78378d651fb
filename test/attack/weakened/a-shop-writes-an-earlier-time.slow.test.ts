// A shop sells to a card that has long been listed, and writes a time from before the list into the record: the card takes it, and signs it.
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { day } from '../../../host/protocol/codec/time.js';
import { Outcome } from '../../../host/protocol/generated/enums.js';
import { recordCodec } from '../../../host/protocol/generated/structures.js';
import { partyBalances } from '../../../host/issuer/store/ledger.js';
import type * as ListingModule from '../../../host/issuer/service/listing.js';
import { startTime } from '../../helpers/scheme.js';
import { issuerOf } from '../support/books.js';
import type * as IssuedCardModule from '../support/issued-card.js';
import type * as ShopModule from '../support/shop.js';
import { Repelled, onBothHosts } from './both.js';

let times = 0;

onBothHosts('A shop that writes an earlier time into the sale to a listed card', {
  ids: '[R13] [R17] [M12]',
  who: 'issuer',
  lacks: 'remember when a shop closed its batch before',
  changes: [
    {
      module: 'host/issuer/domain/claims.js',
      find: 'return tn > before.lastTn ? Math.max(time, before.closedAt) : time;',
      put: 'return time;',
    },
  ],
  attack: async (host) => {
    const issuer = await issuerOf(host);
    const { IssuedCard } = await host<typeof IssuedCardModule>('test/attack/support/issued-card.js');
    const { openShop } = await host<typeof ShopModule>('test/attack/support/shop.js');
    const { block } = await host<typeof ListingModule>('host/issuer/service/listing.js');
    const name = `earlier ${++times}`;
    const stolen = await IssuedCard.issue(issuer, name);
    await stolen.load(50_00n);
    const { till, books } = await openShop(issuer, name, Uint8Array.of(8, 6, 0, times));
    await block(issuer.issuer, toHex(stolen.cardId), 'stolen');
    await issuer.port.hotList(0);
    issuer.clock.advance(3 * day);
    await issuer.port.uploadBatch(books.close({ lastTn: 0 }));
    const { record, s3 } = await till.pay(await till.open(stolen.link), till.order(10_00n, { time: startTime }));
    books.note(Outcome.sold, { cardId: stolen.cardId, record: recordCodec.encode(record), s3 });
    await issuer.port.uploadBatch(books.close({ lastTn: 1 }));
    const { acquirerId, merchantId } = till.identity.certificate;
    const owed = await partyBalances(issuer.issuer.store.db, 'merchantsPayable');
    const his = owed.find((one) => one.party === toHex(acquirerId) + toHex(merchantId))?.money.amount ?? 0n;
    if (his !== 10_00n) throw new Repelled(`the shop is owed ${his}`);
  },
});
