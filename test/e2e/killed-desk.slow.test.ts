/** The desk's process is killed (SIGKILL) at steps of an issue and of each order; its next run finishes it [M5]. */
import { expect } from 'chai';
import { killedAt } from '../survival/stage/killed-at.js';
import { Works } from '../survival/stage/works.js';
import type { WorksCard } from '../survival/stage/works.js';

describe('A desk that is killed', function () {
  this.timeout(900_000);
  let works: Works;

  before(async () => {
    works = await Works.open();
    // the first run of a terminal fetches the hot list besides
    await works.issuedCard();
  });
  after(() => works.close());

  /** Kills the task at its steps, each time on a card of its own, and does it again. */
  async function everyStep(
    task: string,
    cardFor: () => Promise<WorksCard>,
    check: (card: WorksCard, result: string, at: string) => Promise<void>,
  ): Promise<void> {
    const { steps } = await works.lives('desk', await cardFor(), task);
    expect(steps.length).to.be.greaterThan(5);
    for (const step of killedAt(steps)) {
      const card = await cardFor();
      const { how } = await works.run('desk', card, task, { step });
      // certificates differ in length, and so does the number of commands that write them
      expect(how).to.be.oneOf(step === steps.length - 1 ? ['killed', 'done'] : ['killed']);
      const { result, code } = await works.lives('desk', card, task);
      await check(card, code ?? result, `${task}, killed at ${step}, ${steps[step]}`);
    }
  }

  it('around any step of an issue gives the card to its holder, with a PIN that is right [R3] [M5]', async () => {
    await everyStep(
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
    await everyStep(
      'pinReset',
      () => Promise.resolve(card),
      async (_, result, at) => {
        expect(result, at).to.equal('ordered');
        expect((await works.lives('kiosk', card, 'balance')).result, at).to.equal('balance');
      },
    );
  });

  it('around any step of a retirement retires the card, and its money waits for the holder [M1] [M5]', async () => {
    await everyStep(
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
