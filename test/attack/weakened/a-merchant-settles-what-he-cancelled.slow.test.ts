// A merchant takes a sale back in his friend's presence, and hands it in all the same.
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { Outcome } from '../../../host/protocol/generated/enums.js';
import { recordCodec } from '../../../host/protocol/generated/structures.js';
import { partyBalances } from '../../../host/issuer/store/ledger.js';
import { issuerOf } from '../support/books.js';
import type * as IssuedCardModule from '../support/issued-card.js';
import type * as ShopModule from '../support/shop.js';
import type * as TillModule from '../support/till.js';
import { Repelled, onBothHosts } from './both.js';

let times = 0;

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
    const issuer = await issuerOf(host);
    const { IssuedCard } = await host<typeof IssuedCardModule>('test/attack/support/issued-card.js');
    const { openShop } = await host<typeof ShopModule>('test/attack/support/shop.js');
    const { seenAfter } = await host<typeof TillModule>('test/attack/support/till.js');
    const name = `settles cancelled ${++times}`;
    const card = await IssuedCard.issue(issuer, name);
    await card.load(50_00n);
    const { till, books } = await openShop(issuer, name, Uint8Array.of(8, 2, 0, times));
    const session = await till.open(card.link, { full: true });
    const sold = await till.pay(session, till.order(10_00n));
    const undone = await till.cancel(session, till.cancelOf(sold), { seen: seenAfter(sold) });
    for (const [outcome, { record, s3 }] of [[Outcome.sold, sold] as const, [Outcome.void, undone] as const]) {
      books.note(outcome, { cardId: card.cardId, record: recordCodec.encode(record), s3 });
    }
    await card.synchronise();
    await issuer.port.uploadBatch(books.close({ lastTn: 2 }));
    const party = toHex(till.identity.certificate.acquirerId) + toHex(till.identity.certificate.merchantId);
    const owed = await partyBalances(issuer.issuer.store.db, 'merchantsPayable');
    const his = owed.find((one) => one.party === party)?.money.amount ?? 0n;
    if (his !== 10_00n) throw new Repelled(`the issuer owes him ${his}`);
  },
});
