// A merchant writes a digit in front of an amount that a card signed, and hands that in.
import { openBooks } from '../support/books.js';
import { Repelled, onBothHosts } from './both.js';

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
    const { card, openShop } = await openBooks(host);
    const shop = await openShop();
    const { till } = shop;
    const { record, s3 } = await till.pay(await till.open(card.link), till.order(3_50n));
    shop.note(card, { record: { ...record, amount: 33_50, balance: 16_50, points: 33, pointsBalance: 33 }, s3 });
    await shop.handIn(1);
    const his = await shop.owed();
    if (his !== 33_50n) throw new Repelled(`the issuer owes him ${his}`);
  },
});
