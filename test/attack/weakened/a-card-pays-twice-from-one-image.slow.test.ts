// Somebody puts yesterday's memory back into his chip, or into a second one: two purchases have one number.
import type * as ReconcileModule from '../../../host/issuer/jobs/reconcile.js';
import { openBooks } from '../support/books.js';
import { Repelled, onBothHosts } from './both.js';

onBothHosts('A card that pays twice from one image of its memory', {
  ids: '[R15] [M1] [M12]',
  who: 'issuer',
  lacks: 'compare records of one number',
  changes: [
    {
      module: 'host/issuer/domain/book.js',
      find: 'if (sameFacts(known.facts, nt === facts.nt ? facts : { ...facts, nt }))',
      put: 'if (true)',
    },
  ],
  attack: async (host) => {
    const { issuer, card, openShop } = await openBooks(host);
    const { reconcile } = await host<typeof ReconcileModule>('host/issuer/jobs/reconcile.js');
    const yesterday = await card.link.card.snapshot();
    for (const number of [1, 2]) {
      await card.link.card.restore(yesterday);
      const shop = await openShop();
      const { till } = shop;
      // a chip draws on: only the simulated one draws the same numbers after the same image
      for (let drawn = 1; drawn < number; drawn++) await till.open(card.link, { full: true });
      shop.note(card, await till.pay(await till.open(card.link, { full: true }), till.order(10_00n * BigInt(number))));
      await shop.handIn(1);
    }
    await reconcile(issuer.issuer, { record: true });
    if (await issuer.lists(card.cardId)) throw new Repelled(`listed: ${(await issuer.findings(card.cardId)).join()}`);
  },
});
