/** The desk's process is killed (SIGKILL) after each effect of an issue and of each order; its next run finishes it [M5]. */
import { expect } from 'chai';
import { Works, killedAfter } from './killed.js';
import type { KilledCard } from './killed.js';

describe('A desk that is killed', function () {
  this.timeout(900_000);
  let works: Works;

  before(async () => (works = await Works.open()));
  after(() => works.close());

  /** Kills the task after each of its effects, each time on a card of its own, and does it again. */
  async function everyEffect(
    task: string,
    cardFor: () => Promise<KilledCard>,
    check: (card: KilledCard, result: string, at: string) => Promise<void>,
  ): Promise<void> {
    const { effects } = await works.lives('desk', await cardFor(), task);
    expect(effects).to.be.greaterThan(5);
    for (const effect of killedAfter(effects)) {
      const card = await cardFor();
      await works.dies('desk', card, task, effect);
      const { result, code } = await works.lives('desk', card, task);
      await check(card, code ?? result, `${task}, killed after ${effect} of ${effects}`);
    }
  }

  it('around any step of an issue gives the card to its holder, with a PIN that is right [R3] [M5]', async () => {
    await everyEffect(
      'issue',
      () => works.rawCard(),
      async (card, result, at) => {
        // what was handed out before the kill is out of the child's sight: the card is somebody's, and its holder has the PIN
        if (result === 'card-not-raw') return;
        expect(result, at).to.be.oneOf(['issued', 'ordered']);
        expect((await works.lives('kiosk', card, 'balance')).result, at).to.equal('balance');
      },
    );
    await works.expectBooksHold();
  });

  it('around any step of a PIN reset leaves one PIN that is right: the one printed last [M5] [M8]', async () => {
    const card = await works.issuedCard();
    await everyEffect(
      'pinReset',
      () => Promise.resolve(card),
      async (_, result, at) => {
        expect(result, at).to.equal('ordered');
        expect((await works.lives('kiosk', card, 'balance')).result, at).to.equal('balance');
      },
    );
  });

  it('around any step of a retirement retires the card, and its money waits for the holder [M1] [M5]', async () => {
    await everyEffect(
      'retire',
      async () => {
        const card = await works.issuedCard();
        await works.lives('kiosk', card, 'load 5.00');
        return card;
      },
      async (card, result, at) => {
        expect(result, at).to.equal('ordered');
        expect((await works.lives('kiosk', card, 'balance')).code, at).to.equal('card-retired');
      },
    );
    await works.expectBooksHold();
  });
});
