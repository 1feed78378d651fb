// Somebody has read the key out of his card, and signs for money that nobody loaded. The till cannot know.
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { softwareSigner } from '../../../host/protocol/crypto/ecdsa.js';
import { Outcome } from '../../../host/protocol/generated/enums.js';
import { recordCodec } from '../../../host/protocol/generated/structures.js';
import { isProved, signedRecordOf } from '../../../host/protocol/proofs/record.js';
import { signRecord } from '../../../host/protocol/signed/signed-record.js';
import type * as ReconcileModule from '../../../host/issuer/jobs/reconcile.js';
import { issuerOf } from '../support/books.js';
import { dissect } from '../support/dissection.js';
import type * as IssuedCardModule from '../support/issued-card.js';
import type * as ShopModule from '../support/shop.js';
import { Repelled, onBothHosts } from './both.js';

let times = 0;

onBothHosts('Somebody who has his card’s key, and spends what was never loaded', {
  ids: '[R15] [M1] [M12]',
  who: 'issuer',
  lacks: 'follow the balance from record to record',
  changes: [
    {
      module: 'host/issuer/domain/sequence.js',
      find: 'if (after[facts.slot] !== facts.balance || after[facts.pointsSlot] !== facts.pointsBalance)',
      put: 'if (false)',
    },
  ],
  attack: async (host) => {
    const issuer = await issuerOf(host);
    const { IssuedCard } = await host<typeof IssuedCardModule>('test/attack/support/issued-card.js');
    const { openShop } = await host<typeof ShopModule>('test/attack/support/shop.js');
    const { reconcile } = await host<typeof ReconcileModule>('host/issuer/jobs/reconcile.js');
    const name = `rich ${++times}`;
    const card = await IssuedCard.issue(issuer, name);
    await card.load(50_00n);
    const { till, books } = await openShop(issuer, name, Uint8Array.of(8, 4, 0, times));
    const session = await till.open(card.link);
    const { record } = await till.pay(session, till.order(1_00n));
    // 1.00 paid, and 900.00 still there: the card's own key signs it, and every terminal takes it
    const lie = { ...record, balance: 900_00 };
    const s3 = signRecord(signedRecordOf(session.card, lie), softwareSigner((await dissect(card.link)).signKey));
    if (!isProved(session.card, { record: lie, s3 })) throw new Error('a terminal would not take it');
    books.note(Outcome.sold, { cardId: card.cardId, record: recordCodec.encode(lie), s3 });
    await issuer.port.uploadBatch(books.close({ lastTn: 1 }));
    await reconcile(issuer.issuer, { record: true });
    const list = await issuer.port.hotList(0);
    if (list && toHex(list.list).includes(toHex(card.cardId)))
      throw new Repelled(`listed: ${(await issuer.findings(card.cardId)).join()}`);
  },
});
