// An acquirer certifies a second till under a shop's number. His friend buys there, and at the second till gets his money back.
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { IssuerError } from '../../../host/protocol/issuer/port.js';
import { openBooks } from '../support/books.js';
import type * as TillModule from '../support/till.js';
import { Repelled, onBothHosts } from './both.js';

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
    const { card, openShop } = await openBooks(host);
    const { Till } = await host<typeof TillModule>('test/attack/support/till.js');
    const shop = await openShop();
    const { till } = shop;
    const sold = await till.pay(await till.open(card.link), till.order(10_00n));
    shop.note(card, sold);
    const { terminalId, merchantId } = till.identity.certificate;
    const second = new Till(`the acquirer’s own, beside ${toHex(merchantId)}`, { terminalId, merchantId });
    const session = await second.open(card.link, { full: true });
    await second.cancel(session, second.cancelOf(sold, { tn: 2 }));
    await card.synchronise().catch((error: unknown) => {
      if (!(error instanceof IssuerError)) throw error;
    });
    await shop.handIn(1);
    const his = await shop.owed();
    // the shop gave the goods, and is to be paid
    if (his !== 0n) throw new Repelled(`the shop is owed ${his}`);
  },
});
