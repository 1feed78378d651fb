// A merchant writes a digit in front of an amount that a card signed, and hands that in.
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { Outcome } from '../../../host/protocol/generated/enums.js';
import { recordCodec } from '../../../host/protocol/generated/structures.js';
import { partyBalances } from '../../../host/issuer/store/ledger.js';
import { issuerOf } from '../support/books.js';
import type * as IssuedCardModule from '../support/issued-card.js';
import type * as ShopModule from '../support/shop.js';
import { Repelled, onBothHosts } from './both.js';

let times = 0;

onBothHosts('A merchant who claims 33.50 where the card signed for 3.50', {
  ids: '[R13] [M11] [M12]',
  who: 'issuer',
  lacks: 'verify S3',
  changes: [
    {
      module: 'host/issuer/service/proofs.js',
      find: 'if (s3.length > 0 && proof?.holds !== true)',
      put: 'if (false)',
    },
  ],
  attack: async (host) => {
    const issuer = await issuerOf(host);
    const { IssuedCard } = await host<typeof IssuedCardModule>('test/attack/support/issued-card.js');
    const { openShop } = await host<typeof ShopModule>('test/attack/support/shop.js');
    const name = `claims more ${++times}`;
    const card = await IssuedCard.issue(issuer, name);
    await card.load(50_00n);
    const { till, books } = await openShop(issuer, name, Uint8Array.of(8, 1, 0, times));
    const { record, s3 } = await till.pay(await till.open(card.link), till.order(3_50n));
    const lie = { ...record, amount: 33_50, balance: 16_50, points: 33, pointsBalance: 33 };
    books.note(Outcome.sold, { cardId: card.cardId, record: recordCodec.encode(lie), s3 });
    await issuer.port.uploadBatch(books.close({ lastTn: 1 }));
    const party = toHex(till.identity.certificate.acquirerId) + toHex(till.identity.certificate.merchantId);
    const owed = await partyBalances(issuer.issuer.store.db, 'merchantsPayable');
    const his = owed.find((one) => one.party === party)?.money.amount ?? 0n;
    if (his !== 33_50n) throw new Repelled(`the issuer owes him ${his}`);
  },
});
