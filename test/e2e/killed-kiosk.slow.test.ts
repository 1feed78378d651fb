/** The kiosk's process is killed (SIGKILL) at steps of a load and of a payout; its next run finishes what was begun. */
import { expect } from 'chai';
import { killedAt } from '../survival/stage/killed-at.js';
import { Works } from '../survival/stage/works.js';
import type { WorksCard } from '../survival/stage/works.js';

const step = 3_50;

describe('A kiosk that is killed', function () {
  this.timeout(900_000);
  let works: Works;
  let card: WorksCard;

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
      const { steps } = undisturbed;
      expect(steps.length).to.be.greaterThan(10);
      for (const at of killedAt(steps)) {
        const before = await works.dies('kiosk', card, task, at);
        const again = await works.lives('kiosk', card, task);
        // what the holder has seen before the kill is one wish, and what follows another
        balance += sign * step * new Set([...before, ...again.told]).size;
        expect([again.result, again.balance], `killed at ${at}, ${steps[at]}`).to.deep.equal(['loaded', balance]);
        await works.expectBooksHold();
      }
    });
  }
});
