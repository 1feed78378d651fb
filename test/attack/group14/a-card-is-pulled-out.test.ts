/** Group 14: nothing is said about a card that leaves before the last message. */
import { expect } from 'chai';
import { RecordType } from '../../../host/protocol/generated/enums.js';
import { judgeLostOrder } from '../../../host/protocol/proofs/lost-order.js';
import { freshCard, funds } from '../../helpers/cards.js';
import { lost } from '../../helpers/expectations.js';
import { Till, seenIn } from '../support/till.js';
import { group14 } from './parties.js';

const price = 3_50n;

describe('A card that is pulled out of the terminal', () => {
  it('in Group 14’s protocol keeps its money, and the customer has the goods; the server knows another balance', () => {
    const { card, server, terminal } = group14();
    const pulled = (): void => undefined;
    expect(terminal.pay(card, 20, pulled)).to.equal(true);
    expect(card.balance).to.equal(50);
    expect(server.balances.get('card')).to.equal(30);
  });

  it('[M1] [M2] [M4] here has paid or has not, and the terminal learns which; without a proof there are no goods', async () => {
    const card = await freshCard('active');
    const till = new Till();
    await till.open(card);
    const start = await card.card.snapshot();
    const verdicts: string[] = [];
    for (let cut = 0; ; cut++) {
      await card.card.restore(start);
      const session = await till.open(card);
      const order = till.order(price);
      await card.card.cutPowerAt(cut);
      const paying = till.pay(session, order);
      const paid = await paying.then(
        () => true,
        () => false,
      );
      if (paid) break; // fewer writes than that: no cut, and a proof
      await lost(paying, 'unknown');
      await card.card.powerOn();
      const { s1 } = await till.open(card);
      const { slot, tn, amount } = order;
      const { nt: ntSeen } = seenIn(session);
      const entry = { type: RecordType.purchase, cardId: card.cardId, tn, slot, amount: amount.amount, ntSeen };
      const verdict = judgeLostOrder(s1, entry);
      expect(s1.balance.amount).to.equal(verdict === 'executed' ? funds.euro - price : funds.euro);
      verdicts.push(verdict);
    }
    expect(verdicts).to.include.members(['void', 'executed']).and.to.not.include('ask-issuer');
    expect(verdicts.indexOf('executed')).to.be.above(verdicts.lastIndexOf('void'));
  });
});
