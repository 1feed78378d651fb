// Somebody puts yesterday's memory back into his chip, or into a second one: two purchases have one number.
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { Outcome } from '../../../host/protocol/generated/enums.js';
import { recordCodec } from '../../../host/protocol/generated/structures.js';
import type * as ReconcileModule from '../../../host/issuer/jobs/reconcile.js';
import { issuerOf } from '../support/books.js';
import type * as IssuedCardModule from '../support/issued-card.js';
import type * as ShopModule from '../support/shop.js';
import { Repelled, onBothHosts } from './both.js';

let times = 0;

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
    const issuer = await issuerOf(host);
    const { IssuedCard } = await host<typeof IssuedCardModule>('test/attack/support/issued-card.js');
    const { openShop } = await host<typeof ShopModule>('test/attack/support/shop.js');
    const { reconcile } = await host<typeof ReconcileModule>('host/issuer/jobs/reconcile.js');
    const card = await IssuedCard.issue(issuer, `twice ${++times}`);
    await card.load(50_00n);
    const yesterday = await card.link.card.snapshot();
    for (const number of [1, 2]) {
      await card.link.card.restore(yesterday);
      const { till, books } = await openShop(issuer, `twice ${times} ${number}`, Uint8Array.of(8, 3, times, number));
      // a chip draws on: only the simulated one draws the same numbers after the same image
      for (let drawn = 1; drawn < number; drawn++) await till.open(card.link, { full: true });
      const { record, s3 } = await till.pay(
        await till.open(card.link, { full: true }),
        till.order(10_00n * BigInt(number)),
      );
      books.note(Outcome.sold, { cardId: card.cardId, record: recordCodec.encode(record), s3 });
      await issuer.port.uploadBatch(books.close({ lastTn: 1 }));
    }
    await reconcile(issuer.issuer, { record: true });
    const list = await issuer.port.hotList(0);
    if (list && toHex(list.list).includes(toHex(card.cardId)))
      throw new Repelled(`listed: ${(await issuer.findings(card.cardId)).join()}`);
  },
});
