// Somebody between card and till keeps an order, lets the till take it back, and delivers it once more: replayed, and out of order.
import { commands } from '../../../host/protocol/generated/commands.js';
import { balancesIn } from '../../helpers/card-memory.js';
import { funds } from '../../helpers/cards.js';
import { euroSlot } from '../../helpers/personalize.js';
import { Wiretap } from '../support/conversation.js';
import type * as TillModule from '../support/till.js';
import { unchainedCard, unchainedHost } from '../support/unchained.js';
import { Repelled, onBoth } from './both.js';

onBoth('An order that is delivered again after the till cancelled it', {
  ids: '[R9] [R12] [M2] [M7]',
  lacks: 'chain the MACs of a session',
  transforms: unchainedCard,
  changes: unchainedHost,
  attack: async (card, host) => {
    const { Till, seenAfter } = await host<typeof TillModule>('test/attack/support/till.js');
    const till = new Till('cancelling');
    const tap = new Wiretap(card);
    const session = await till.open(tap, { full: true });
    const paid = await till.pay(session, till.order(4_00n));
    await till.cancel(session, till.cancelOf(paid), { seen: seenAfter(paid) });
    const order = tap.heard.find(({ command }) => command[1] === commands.DEBIT.ins);
    if (order) await card.transmit(order.command);
    const left = balancesIn((await card.persistentState()).text)[euroSlot];
    if (left !== Number(funds.euro) - 4_00) throw new Repelled(`there are ${left} on the card`);
  },
});
