/** The POS process is killed (SIGKILL) after each effect of a payment; its next run finds out and finishes. */
import { expect } from 'chai';
import type { ChildReport } from './killed-child.js';
import { Works } from './killed.js';

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
    let sales = 0;
    const expectOneMore = ({ result, balance, orders = [] }: ChildReport, at: string): void => {
      sales++;
      expect([result, balance], at).to.deep.equal(['paid', start - sales * price]);
      expect(orders.map(([tn]) => tn)).to.deep.equal(orders.map((_, index) => index + 1));
      expect(orders.filter(([, end]) => end === 'executed')).to.have.length(sales);
      expect(orders.filter(([, end]) => end === 'open')).to.deep.equal([]);
    };
    const undisturbed = await works.lives('pos', card, 'pay 3.50');
    expectOneMore(undisturbed, 'undisturbed');
    const last = undisturbed.effects - 1;
    expect(last).to.be.greaterThan(5);
    // before one effect is after the one before it
    for (let effect = 0; effect <= last; effect++) {
      await works.dies('pos', card, 'pay 3.50', effect);
      // after the last effect the sale was told: what follows is the next customer's
      if (effect === last) sales++;
      expectOneMore(await works.lives('pos', card, 'pay 3.50'), `after ${effect}`);
    }
    await works.lives('kiosk', card, 'balance');
    await works.expectBooksHold();
  });
});
