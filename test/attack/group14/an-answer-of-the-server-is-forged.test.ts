/** Group 14: every payment needs the server, and its `{|Result, T|}Ss` says neither for what nor when. */
import { expect } from 'chai';
import { commands } from '../../../host/protocol/generated/commands.js';
import { freshCard } from '../../helpers/cards.js';
import { lost } from '../../helpers/expectations.js';
import { Site } from '../../helpers/site.js';
import { Till, seenAfter } from '../support/till.js';
import type { Signed } from './messages.js';
import { Group14Terminal, group14 } from './parties.js';

describe('A terminal that asks for leave', () => {
  it('in Group 14’s protocol gives goods for nothing to whoever plays it an old OK of the server', () => {
    const { card, server } = group14();
    let recorded: Signed | undefined;
    const line = (message: Signed): Signed => (recorded ??= server.debit(message));
    const terminal = new Group14Terminal('shop', server, line);
    expect(terminal.pay(card, 1)).to.equal(true);
    server.balances.set('card', 0);
    expect(terminal.pay(card, 1_000_000)).to.equal(true);
    expect(server.balances.get('card')).to.equal(0);
  });

  it('in Group 14’s protocol sells nothing while the server is down', () => {
    const { card, server, terminal } = group14();
    server.up = false;
    expect(() => terminal.pay(card, 1)).to.throw('does not answer');
  });

  it('[M2] [R6] here asks the card, whose old answer is no answer', async () => {
    const card = await freshCard('active');
    const till = new Till();
    let old: Uint8Array | undefined;
    const session = await till.open({
      transmit: async (command) => {
        if (command[1] !== commands.DEBIT.ins) return card.transmit(command);
        return (old ??= await card.transmit(command));
      },
    });
    const paid = await till.pay(session, till.order(1_00n));
    await lost(till.pay(session, till.order(1_00n), seenAfter(paid)), 'unknown');
  });

  it('[R2] here sells while the issuer is down: the card’s signature is enough', async () => {
    const site = new Site();
    try {
      const card = await site.issuedCard(20_00n);
      await site.pos.station.refreshHotList();
      const { calls } = site.issuerLink;
      site.issuerLink.cut(0, 'before');
      expect((await site.pay(card.link, 1_00n)).result).to.equal('paid');
      // The one call was for a newer hot list, and it was in vain.
      expect(site.issuerLink).to.include({ calls: calls + 1, breaks: 1 });
    } finally {
      site.close();
    }
  });
});
