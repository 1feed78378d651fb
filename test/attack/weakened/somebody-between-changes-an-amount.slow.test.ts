// The customer's own gadget lies between card and till, and turns one bit of the ciphertext where the amount is.
import { commands } from '../../../host/protocol/generated/commands.js';
import { balancesIn } from '../../helpers/card-memory.js';
import { withoutCall } from '../../helpers/doctored.js';
import { euroSlot } from '../../helpers/personalize.js';
import type { TestCard } from '../../helpers/cards.js';
import { flipped, tampered } from '../support/conversation.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

/** Header, Lc, slot; then four bytes of amount, of which this is the lowest bit. */
const lowestOfAmount = 8 * (5 + 1 + 4) - 1;

onBoth('Somebody between card and till who makes 4.00 into 4.01', {
  ids: '[R9] [M7]',
  lacks: 'check the MAC of a command',
  transforms: [withoutCall('SecureMessaging.unwrap', 'arrayCompare')],
  attack: async (card) => {
    const till = new Till('meddled with');
    const before = await eurosOn(card);
    const meddled = tampered(card, {
      command: (apdu) => (apdu[1] === commands.DEBIT.ins ? flipped(apdu, lowestOfAmount) : apdu),
    });
    const session = await till.open(meddled);
    const refusal: unknown = await till.pay(session, till.order(4_00n)).catch((error: unknown) => error);
    // the till takes the answer for none, but the card has paid what nobody ordered
    if (before - (await eurosOn(card)) !== 4_01) throw refusal;
  },
});

async function eurosOn(card: TestCard): Promise<number> {
  return balancesIn((await card.persistentState()).text)[euroSlot] ?? 0;
}
