/** Group 14: one master key certifies everybody for anything, so any key does anything. */
import { expect } from 'chai';
import { credit } from '../../../host/protocol/commands/credit.js';
import { initLoad } from '../../../host/protocol/commands/init-load.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { money } from '../../../host/protocol/codec/money.js';
import { LoadType, Role } from '../../../host/protocol/generated/enums.js';
import { freshCard, lastingTerminal, openWith } from '../../helpers/cards.js';
import { changingNothing } from '../../helpers/expectations.js';
import { holderPin } from '../../helpers/personalize.js';
import { refused } from '../../helpers/refused.js';
import { authoritySigner, euro, keyIdOf, startTime, terminal } from '../../helpers/scheme.js';
import { Till } from '../support/till.js';
import { principal, signed } from './messages.js';
import { group14 } from './parties.js';

describe('A shop', () => {
  it('in Group 14’s protocol loads a card: its signature is as good as the reload terminal’s', () => {
    const { card, server } = group14();
    const shop = principal('shop');
    card.reload(1000, 'nonce', 'shop');
    expect(card.takeResult(signed(shop, 'OK', 'card'))).to.equal(true);
    expect(card.balance).to.equal(1050);
    expect(server.balances.get('card')).to.equal(50);
  });

  it('in Group 14’s protocol is a card as well: so is a card a terminal', () => {
    const { card } = group14();
    card.reload(1000, 'nonce', 'card');
    expect(card.takeResult(signed(principal('another card'), 'OK', 'card'))).to.equal(true);
  });

  it('[R7] [M3] [M12] here asks for no load and presents no credit, not even a genuine one; nor does its CA certify a kiosk', async () => {
    const card = await freshCard('active');
    const till = new Till();
    const atShop = await till.open(card);
    const request = { type: LoadType.load, slot: 0, amount: money(10_00n, euro), time: startTime } as const;
    await verifyPin(atShop, holderPin);
    await changingNothing(card, () => refused(initLoad(atShop, request), 'securityStatus', 'role'));
    const kiosk = await card.open(lastingTerminal(Role.load));
    await verifyPin(kiosk, holderPin);
    const { fields, signature } = card.orders.authorise((await initLoad(kiosk, request)).statement, startTime);
    const again = await till.open(card);
    await changingNothing(card, () => refused(credit(again, fields, signature), 'securityStatus', 'role'));
    const acquirer = { authority: keyIdOf('posCa'), ca: authoritySigner('posCa') };
    for (const role of [Role.load, Role.perso]) {
      await refused(openWith(card, terminal(role, 'made by the acquirer', acquirer)), 'incorrectData');
    }
  });
});
