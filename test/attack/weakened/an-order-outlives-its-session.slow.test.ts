// Somebody keeps an order back. The till meets the card again, finds that nothing was paid, and writes the sale off; then the order comes.
import { commands } from '../../../host/protocol/generated/commands.js';
import { balancesIn } from '../../helpers/card-memory.js';
import { funds } from '../../helpers/cards.js';
import { withoutCall } from '../../helpers/doctored.js';
import { euroSlot } from '../../helpers/personalize.js';
import type * as TillModule from '../support/till.js';
import { Repelled, onBoth } from './both.js';

onBoth('An order of one session that is delivered in the next', {
  ids: '[R11] [R12] [M2] [M7]',
  lacks: 'begin the MACs of a session with what both sides drew for it',
  transforms: [withoutCall('SecureMessaging.chainFromTranscript', 'arrayCopyNonAtomic')],
  changes: [
    {
      module: 'host/protocol/session/keys.js',
      find: 'return cmac(mac, concat(domains.resumedTranscript, resumedTranscriptCodec.encode(transcript)));',
      put: 'return new Uint8Array(16);',
    },
  ],
  attack: async (card, host) => {
    const { Till } = await host<typeof TillModule>('test/attack/support/till.js');
    const till = new Till('patient');
    await till.open(card, { full: true });
    const kept: Uint8Array[] = [];
    const keeping = {
      transmit: async (apdu: Uint8Array) => {
        if (apdu[1] !== commands.DEBIT.ins) return card.transmit(apdu);
        kept.push(apdu);
        throw new Error('no answer');
      },
    };
    await card.card.reset();
    const first = await till.open(keeping);
    await till.pay(first, till.order(4_00n)).catch(() => undefined);
    await card.card.reset();
    const { s1 } = await till.open(card);
    if (s1.nt !== first.s1.nt) throw new Error('the till would not write the sale off');
    for (const order of kept) await card.transmit(order);
    const left = balancesIn((await card.persistentState()).text)[euroSlot];
    if (left !== Number(funds.euro) - 4_00) throw new Repelled(`there are ${left} on the card`);
  },
});
