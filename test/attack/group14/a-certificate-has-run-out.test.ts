/** Group 14: "Cards are retired after 5 years", but neither card nor certificate knows what day it is. */
import { expect } from 'chai';
import { day } from '../../../host/protocol/codec/time.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import { cardExpiry, freshCard, lastingTerminal, openWith, synchronise } from '../../helpers/cards.js';
import { changingNothing } from '../../helpers/expectations.js';
import { refused } from '../../helpers/refused.js';
import { startTime } from '../../helpers/scheme.js';
import { Till } from '../support/till.js';
import { holds, signed } from './messages.js';
import { group14 } from './parties.js';

const desk = lastingTerminal(Role.perso);

describe('A certificate, years later', () => {
  it('in Group 14’s protocol is as good as ever: there is no date in it, nor on the card', () => {
    const { card, terminal } = group14();
    expect(Object.keys(terminal.self.certificate)).to.deep.equal(['name', 'point', 'signature']);
    card.reload(10, 'nonce', 'terminal');
    const years = signed(terminal.self, 'OK', 'card');
    expect(holds(years) && card.takeResult(years)).to.equal(true);
  });

  it('[R7] [R8] here of a terminal is refused once the card knows the day, and before by the terminal’s own clock', async () => {
    const card = await freshCard('active');
    const till = new Till('brief', { expiry: startTime + day });
    const session = await till.open(card);
    await till.pay(session, till.order(1_00n, { time: startTime + day - 1 }));
    const again = await till.open(card);
    await changingNothing(card, () =>
      refused(till.pay(again, till.order(1_00n, { time: startTime + day })), 'conditions', 'terminalExpired'),
    );
    await synchronise(await card.open(desk), card.orders, startTime + day);
    await refused(openWith(card, till.identity), 'conditions');
    const { kind } = await openWith(card, desk);
    expect(kind).to.equal('full');
  });

  it('[R8] [M9] here of a card ends its payments, by the terminal’s clock and for good by the issuer’s', async () => {
    const card = await freshCard('active');
    const till = new Till('lasting', { expiry: cardExpiry + 30 * day, effective: cardExpiry - 30 * day });
    const session = await till.open(card);
    await changingNothing(card, () =>
      refused(till.pay(session, till.order(1_00n, { time: cardExpiry })), 'conditions', 'cardExpired'),
    );
    await synchronise(await card.open(desk), card.orders, cardExpiry);
    const expired = await till.open(card);
    expect(expired.s1.expired).to.equal(true);
    // A clock set back does not help: the card goes by the later of the two.
    await changingNothing(card, () =>
      refused(till.pay(expired, till.order(1_00n, { time: startTime })), 'conditions', 'cardExpired'),
    );
  });
});
