/** Group 14: "after 5 unsuccessful PIN attempts" (R16) against "more than 5 unsuccessful PIN attempts" (use case 4.1.4). */
import { expect } from 'chai';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import { freshCard, lastingTerminal } from '../../helpers/cards.js';
import { failing } from '../../helpers/expectations.js';
import { refused } from '../../helpers/refused.js';

/** A card built by somebody who read one sentence or the other. */
function guessesOf(isBlocked: (failed: number) => boolean): number {
  let failed = 0;
  while (!isBlocked(failed)) failed++;
  return failed;
}

describe('A thief with a card', () => {
  it('has five guesses by one sentence of Group 14, and six by another', () => {
    expect(guessesOf((failed) => failed >= 5)).to.equal(5);
    expect(guessesOf((failed) => failed > 5)).to.equal(6);
  });

  it('[R16] here has five: the sixth is refused unread, right or wrong', async () => {
    for (const sixth of ['2468', '0000']) {
      const card = await freshCard('active');
      const session = await card.open(lastingTerminal(Role.load));
      const left: unknown[] = [];
      for (let i = 0; i < 5; i++) left.push((await failing(verifyPin(session, '0000'), 'refused')).pinTriesLeft);
      expect(left).to.deep.equal([4, 3, 2, 1, 0]);
      await refused(verifyPin(session, sixth), 'blocked', 'lifeCycle');
    }
  });
});
