import { expect } from 'chai';
import { RecordType } from '../../host/protocol/generated/enums.js';
import { Site } from '../helpers/site.js';

describe('A card from the desk to the shop', function () {
  this.timeout(60_000);
  let site: Site;

  before(() => (site = new Site()));
  after(() => site.close());

  it('is personalized, loaded, pays, and gets its payment back', async () => {
    const card = await site.issuedCard(50_00n);
    const paid = await site.pay(card.link, 3_50n);
    expect(paid.result).to.equal('paid');
    if (paid.result !== 'paid') return;
    expect(paid.record.balance).to.equal(46_50);
    const before = card.link.sent;
    expect((await site.pay(card.link, 1_00n)).result).to.equal('paid');
    expect(card.link.sent - before).to.equal(3);
    const cancelled = await site.cancel(card.link);
    expect(cancelled.result).to.equal('cancelled');
    if (cancelled.result === 'cancelled')
      expect(cancelled.record).to.include({ type: RecordType.cancel, balance: 46_50 });
  });
});
