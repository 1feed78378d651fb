/** Somebody who can write his chip’s memory puts yesterday’s state back, and has yesterday’s money again. The issuer sees two stories for one number. */
import { expect } from 'chai';
import { reconcile } from '../../host/issuer/jobs/reconcile.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';
import { IssuedCard } from './support/issued-card.js';
import { Shop } from './support/shop.js';

describe('A card whose memory is put back', function () {
  this.timeout(60_000);
  this.slow(5000);
  let issuer: SoftIssuer;
  let shops = 0;

  before(async () => (issuer = await SoftIssuer.open()));
  after(() => issuer.close());
  afterEach(async () => expect(await issuer.differences()).to.deep.equal([]));

  const shop = (): Promise<Shop> => Shop.open(issuer, `put back ${++shops}`, Uint8Array.of(7, 7, 7, shops));

  it('[M1] [M12] pays twice, and is named and listed once both shops have handed in; the loss has a name', async () => {
    const card = await IssuedCard.issue(issuer, 'put back');
    await card.load(50_00n);
    const yesterday = await card.link.card.snapshot();
    const [one, two] = [await shop(), await shop()];
    one.note(card, await one.till.pay(await one.till.open(card.link), one.till.order(20_00n)));
    await card.link.card.restore(yesterday);
    two.note(card, await two.till.pay(await two.till.open(card.link), two.till.order(15_00n)));
    const lossBefore = await issuer.account('fraud');
    await one.handIn(1);
    expect(await issuer.findings(card.cardId)).to.deep.equal([]);
    await two.handIn(1);
    await reconcile(issuer.issuer, { record: true });
    expect(await issuer.findings(card.cardId)).to.include('two-contents');
    expect(await issuer.account('fraud')).to.equal(lossBefore + 15_00n);
    expect(await issuer.lists(card.cardId), 'listed').to.equal(true);
  });

  it('[R15] [M12] whose holder did not pay twice is not named: each number has one story', async () => {
    const card = await IssuedCard.issue(issuer, 'honest');
    await card.load(50_00n);
    const honest = await shop();
    const { till } = honest;
    honest.note(card, await till.pay(await till.open(card.link), till.order(20_00n)));
    honest.note(card, await till.pay(await till.open(card.link), till.order(15_00n)));
    await honest.handIn(2);
    await reconcile(issuer.issuer, { record: true });
    expect(await issuer.findings(card.cardId)).to.deep.equal([]);
  });
});
