/** Group 14: the final `{|Result, C|}St` carries no nonce, amount or counter. */
import { expect } from 'chai';
import { credit } from '../../../host/protocol/commands/credit.js';
import { initLoad } from '../../../host/protocol/commands/init-load.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { money } from '../../../host/protocol/codec/money.js';
import { LoadType, Role } from '../../../host/protocol/generated/enums.js';
import { freshCard, lastingTerminal } from '../../helpers/cards.js';
import { changingNothing } from '../../helpers/expectations.js';
import { holderPin } from '../../helpers/personalize.js';
import { refused } from '../../helpers/refused.js';
import { euro, startTime } from '../../helpers/scheme.js';
import type { Signed } from './messages.js';
import { group14 } from './parties.js';

describe('A recorded OK', () => {
  it('in Group 14’s protocol credits again, any amount, with neither terminal nor server there', () => {
    const { card, server, terminal } = group14();
    terminal.reload(card, 10);
    const recorded = terminal.wire.at(-1) as Signed;
    card.reload(1000, 'whatever', 'terminal');
    expect(card.takeResult(recorded)).to.equal(true);
    expect(card.balance).to.equal(1060);
    expect(server.balances.get('card')).to.equal(60);
  });

  it('in Group 14’s protocol credits though it was said of a payment', () => {
    const { card, terminal } = group14();
    terminal.pay(card, 1);
    const recorded = terminal.wire.at(-1) as Signed;
    card.reload(1000, 'whatever', 'terminal');
    expect(card.takeResult(recorded)).to.equal(true);
    expect(card.balance).to.equal(1049);
  });

  it('[M3] [R12] here names card, load, random and amount: it credits no second load and no other amount', async () => {
    const card = await freshCard('active');
    const session = await card.open(lastingTerminal(Role.load));
    const ask = async (amount: bigint): Promise<Parameters<typeof card.orders.authorise>[0]> => {
      await verifyPin(session, holderPin);
      const request = { type: LoadType.load, slot: 0, amount: money(amount, euro), time: startTime } as const;
      return (await initLoad(session, request)).statement;
    };
    const { fields, signature } = card.orders.authorise(await ask(10_00n), startTime);
    await credit(session, fields, signature);
    for (const amount of [10_00n, 100_00n]) {
      const statement = await ask(amount);
      await changingNothing(card, () => refused(credit(session, fields, signature), 'conditions', 'noLoad'));
      const own = card.orders.authorise(statement, startTime);
      await credit(session, own.fields, own.signature);
    }
  });
});
