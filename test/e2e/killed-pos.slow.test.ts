/** The POS process is killed (SIGKILL) at each step of a payment; its next run finds out and finishes. */
import { expect } from 'chai';
import type { Lived } from '../survival/stage/works.js';
import { Works } from '../survival/stage/works.js';

const start = 140_00;
const price = 3_50;

describe('A POS that is killed', function () {
  this.timeout(600_000);
  let works: Works;

  before(async () => (works = await Works.open()));
  after(() => works.close());

  it('around any step takes the price once, gives no number twice, and loses no entry [M2]', async () => {
    const card = await works.issuedCard();
    await works.lives('kiosk', card, 'load 140.00');
    const sold = new Set<number>();
    const expectSold = ({ result, balance, told, orders = [] }: Lived, at: string): void => {
      for (const nt of told) sold.add(nt);
      expect([result, balance], at).to.deep.equal(['paid', start - sold.size * price]);
      expect(orders.map(([tn]) => tn)).to.deep.equal(orders.map((_, index) => index + 1));
      expect(orders.filter(([, end]) => end === 'executed')).to.have.length(sold.size);
      expect(orders.filter(([, end]) => end === 'open')).to.deep.equal([]);
    };
    expectSold(await works.lives('pos', card, 'pay 3.50'), 'first meeting');
    let step = 0;
    for (let isKilled = true; isKilled; step++) {
      // the card's log holds so many records that the issuer has not seen
      if (step % 5 === 4) await works.lives('kiosk', card, 'balance');
      const ended = await works.run('pos', card, 'pay 3.50', { step });
      isKilled = ended.how === 'killed';
      for (const nt of ended.told) sold.add(nt);
      const salesBefore = sold.size;
      const at = `killed at step ${step}`;
      expectSold(await works.lives('pos', card, 'pay 3.50'), at);
      // a sale that nobody was told of is this one; after one that somebody was, it is the next customer's, or the same told again
      expect(sold.size - salesBefore, at).to.be.oneOf(ended.told.length > 0 ? [0, 1] : [1]);
    }
    expect(step).to.be.greaterThan(15);
    await works.lives('kiosk', card, 'balance');
    await works.expectBooksHold();
  });
});
