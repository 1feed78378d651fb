// Somebody has read the key out of his card, and signs for money that nobody loaded. The till cannot know.
import { softwareSigner } from '../../../host/protocol/crypto/ecdsa.js';
import { isProved, signedRecordOf } from '../../../host/protocol/proofs/record.js';
import { signRecord } from '../../../host/protocol/signed/signed-record.js';
import type * as ReconcileModule from '../../../host/issuer/jobs/reconcile.js';
import { openBooks } from '../support/books.js';
import { dissect } from '../support/dissection.js';
import { Repelled, onBothHosts } from './both.js';

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
    const { issuer, card, openShop } = await openBooks(host);
    const { reconcile } = await host<typeof ReconcileModule>('host/issuer/jobs/reconcile.js');
    const shop = await openShop();
    const { till } = shop;
    const session = await till.open(card.link);
    const { record } = await till.pay(session, till.order(1_00n));
    // 1.00 paid, and 900.00 still there: the card's own key signs it, and every terminal takes it
    const lie = { ...record, balance: 900_00 };
    const s3 = signRecord(signedRecordOf(session.card, lie), softwareSigner((await dissect(card.link)).signKey));
    if (!isProved(session.card, { record: lie, s3 })) throw new Error('a terminal would not take it');
    shop.note(card, { record: lie, s3 });
    await shop.handIn(1);
    await reconcile(issuer.issuer, { record: true });
    if (await issuer.lists(card.cardId)) throw new Repelled(`listed: ${(await issuer.findings(card.cardId)).join()}`);
  },
});
