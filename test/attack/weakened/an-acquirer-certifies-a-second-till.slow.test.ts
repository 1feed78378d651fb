// An acquirer certifies a second till under a shop's number. His friend buys there, and at the second till gets his money back.
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { IssuerError } from '../../../host/protocol/issuer/port.js';
import { Outcome } from '../../../host/protocol/generated/enums.js';
import { recordCodec } from '../../../host/protocol/generated/structures.js';
import { partyBalances } from '../../../host/issuer/store/ledger.js';
import { issuerOf } from '../support/books.js';
import type * as IssuedCardModule from '../support/issued-card.js';
import type * as ShopModule from '../support/shop.js';
import type * as TillModule from '../support/till.js';
import { Repelled, onBothHosts } from './both.js';

let times = 0;

onBothHosts('An acquirer who takes a shop’s sale back at a till of his own', {
  ids: '[R13] [R15] [M12]',
  who: 'issuer',
  lacks: 'ask whose key signed a cancel',
  changes: [
    {
      module: 'host/issuer/service/cancel-orders.js',
      find: 'if (!verifyCancelOrder(fields, order.signature, new Uint8Array(terminal.point), verifyNative))',
      put: 'if (false)',
    },
  ],
  attack: async (host) => {
    const issuer = await issuerOf(host);
    const { IssuedCard } = await host<typeof IssuedCardModule>('test/attack/support/issued-card.js');
    const { openShop } = await host<typeof ShopModule>('test/attack/support/shop.js');
    const { Till } = await host<typeof TillModule>('test/attack/support/till.js');
    const name = `second till ${++times}`;
    const card = await IssuedCard.issue(issuer, name);
    await card.load(50_00n);
    const { till, books } = await openShop(issuer, name, Uint8Array.of(8, 5, 0, times));
    const sold = await till.pay(await till.open(card.link), till.order(10_00n));
    books.note(Outcome.sold, { cardId: card.cardId, record: recordCodec.encode(sold.record), s3: sold.s3 });
    const { terminalId, merchantId } = till.identity.certificate;
    const second = new Till(`${name}, the acquirer’s`, { terminalId, merchantId });
    const session = await second.open(card.link, { full: true });
    await second.cancel(session, second.cancelOf(sold, { tn: 2 }));
    await card.synchronise().catch((error: unknown) => {
      if (!(error instanceof IssuerError)) throw error;
    });
    await issuer.port.uploadBatch(books.close({ lastTn: 1 }));
    const party = toHex(till.identity.certificate.acquirerId) + toHex(merchantId);
    const owed = await partyBalances(issuer.issuer.store.db, 'merchantsPayable');
    const his = owed.find((one) => one.party === party)?.money.amount ?? 0n;
    // the shop gave the goods, and is to be paid
    if (his !== 0n) throw new Repelled(`the shop is owed ${his}`);
  },
});
