/** Group 14: the card contributes no freshness, so a recorded terminal convinces it again. */
import { expect } from 'chai';
import { freshCard } from '../../helpers/cards.js';
import { changingNothing } from '../../helpers/expectations.js';
import { Wiretap, replay } from '../support/conversation.js';
import { Till } from '../support/till.js';
import type { Signed } from './messages.js';
import { group14 } from './parties.js';

describe('A recorded terminal', () => {
  it('in Group 14’s protocol logs the card in, with nobody there and no PIN', () => {
    const { card, terminal } = group14();
    terminal.login(card, '2468');
    const recorded = terminal.wire.at(-1) as Signed;
    card.loggedIn = false;
    card.login('a nonce of the attacker', 'terminal');
    expect(card.takeResult(recorded)).to.equal(true);
    expect(card.loggedIn).to.equal(true);
  });

  it('[R7] [R12] here gets no further than the card’s nonce, which is another each time', async () => {
    const card = await freshCard('active');
    const till = new Till();
    const tap = new Wiretap(card);
    await till.pay(await till.open(tap, { full: true }), till.order(1_00n));
    const words = await changingNothing(card, () =>
      replay(
        card,
        tap.heard.map(({ command }) => command),
      ),
    );
    // SELECT and PRESENT CERTIFICATE are taken from anybody; the terminal's signature is over the nonce of then.
    expect(words).to.deep.equal([0x9000, 0x9000, 0x6a80, 0x6982, 0x6982]);
  });
});
