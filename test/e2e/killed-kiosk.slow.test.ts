/** The kiosk's process is killed (SIGKILL) after each effect of a load and of a payout; its next run finishes what was begun. */
import { expect } from 'chai';
import { Works, killedAfter } from './killed.js';
import type { KilledCard } from './killed.js';

const step = 3_50;

describe('A kiosk that is killed', function () {
  this.timeout(900_000);
  let works: Works;
  let card: KilledCard;

  before(async () => {
    works = await Works.open();
    card = await works.issuedCard();
    await works.lives('kiosk', card, 'load 100.00');
  });
  after(() => works.close());

  for (const [task, sign] of [
    ['load 3.50', 1],
    ['unload 3.50', -1],
  ] as const) {
    it(`around any step of a ${task} moves the amount once, and the books hold [M1] [M3]`, async () => {
      const undisturbed = await works.lives('kiosk', card, task);
      expect(undisturbed.result).to.equal('loaded');
      let balance = undisturbed.balance ?? 0;
      const last = undisturbed.effects - 1;
      expect(last).to.be.greaterThan(10);
      for (const effect of killedAfter(undisturbed.effects)) {
        await works.dies('kiosk', card, task, effect);
        const again = await works.lives('kiosk', card, task);
        // after the last effect the holder has seen it: what follows is another wish
        balance += sign * step * (effect === last ? 2 : 1);
        expect([again.result, again.balance], `killed after ${effect}`).to.deep.equal(['loaded', balance]);
        await works.expectBooksHold();
      }
    });
  }
});
