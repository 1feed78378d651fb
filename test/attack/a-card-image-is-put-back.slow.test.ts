/** Somebody who can write his chip’s memory puts yesterday’s state back, and has yesterday’s money again. The issuer sees two stories for one number. */
import { expect } from 'chai';
import { Outcome } from '../../host/protocol/generated/enums.js';
import { recordCodec } from '../../host/protocol/generated/structures.js';
import type { RecordWithProof } from '../../host/protocol/commands/credit.js';
import { reconcile } from '../../host/issuer/jobs/reconcile.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';
import { IssuedCard } from './support/issued-card.js';
import { openShop } from './support/shop.js';
import type { Shop } from './support/shop.js';

describe('A card whose memory is put back', function () {
  this.timeout(60_000);
  this.slow(5000);
  let issuer: SoftIssuer;
  let shops = 0;

  before(async () => (issuer = await SoftIssuer.open()));
  after(() => issuer.close());
  afterEach(async () => expect(await issuer.differences()).to.deep.equal([]));

  const shop = (): Promise<Shop> => openShop(issuer, `put back ${++shops}`, Uint8Array.of(7, 7, 7, shops));

  function note(books: SoftPos, { cardId }: IssuedCard, { record, s3 }: RecordWithProof): void {
    books.note(Outcome.sold, { cardId, record: recordCodec.encode(record), s3 });
  }

  it('[M1] [M12] pays twice, and is named and listed once both shops have handed in; the loss has a name', async () => {
    const card = await IssuedCard.issue(issuer, 'put back');
    await card.load(50_00n);
    const yesterday = await card.link.card.snapshot();
    const [one, two] = [await shop(), await shop()];
    note(one.books, card, await one.till.pay(await one.till.open(card.link), one.till.order(20_00n)));
    await card.link.card.restore(yesterday);
    note(two.books, card, await two.till.pay(await two.till.open(card.link), two.till.order(15_00n)));
    const lossBefore = await issuer.account('fraud');
    await issuer.port.uploadBatch(one.books.close({ lastTn: 1 }));
    expect(await issuer.findings(card.cardId)).to.deep.equal([]);
    await issuer.port.uploadBatch(two.books.close({ lastTn: 1 }));
    await reconcile(issuer.issuer, { record: true });
    expect(await issuer.findings(card.cardId)).to.include('two-contents');
    expect(await issuer.account('fraud')).to.equal(lossBefore + 15_00n);
    const list = await issuer.port.hotList(0);
    expect(list && toHex(list.list)).to.include(toHex(card.cardId));
  });

  it('[R15] [M12] whose holder did not pay twice is not named: each number has one story', async () => {
    const card = await IssuedCard.issue(issuer, 'honest');
    await card.load(50_00n);
    const { till, books } = await shop();
    note(books, card, await till.pay(await till.open(card.link), till.order(20_00n)));
    note(books, card, await till.pay(await till.open(card.link), till.order(15_00n)));
    await issuer.port.uploadBatch(books.close({ lastTn: 2 }));
    await reconcile(issuer.issuer, { record: true });
    expect(await issuer.findings(card.cardId)).to.deep.equal([]);
  });
});
