// A thief types one PIN after the other, and cuts the power as soon as the card begins to write.
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { pinBlock } from '../../../host/protocol/codec/pin.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { isCardError } from '../../../host/protocol/errors.js';
import { pinTries } from '../../../host/protocol/generated/parameters.js';
import { comparingFirst } from '../../helpers/doctored.js';
import { holderPin } from '../../helpers/personalize.js';
import { Till } from '../support/till.js';
import { Repelled, onBoth } from './both.js';

/** More wrong ones than there are tries, then the right one. */
const guesses = [...Array.from({ length: 2 * pinTries }, (_, i) => `${i % 10}${i % 10}00`), holderPin];

onBoth('A thief who cuts the power before a try is written off', {
  ids: '[R16] [M8]',
  lacks: 'write a try off before it compares',
  transforms: [comparingFirst('PinCommands.check', toHex(pinBlock(holderPin)))],
  attack: async (card) => {
    const till = new Till('thief');
    let refusal: unknown;
    for (const guess of guesses) {
      const session = await till.open(card);
      const before = await card.card.snapshot();
      const wrong = await verifyPin(session, guess).catch((error: unknown) => {
        if (isCardError(error, 'refused')) return error;
        throw error;
      });
      if (wrong === undefined && (await card.card.counters()).persistentWrites === 0) {
        await till.pay(session, till.order(60_00n));
        return;
      }
      refusal ??= wrong;
      // the card would have written before it answered: the power was gone by then, and nothing of the command stays
      await card.card.restore(before);
      await card.card.reset();
    }
    throw new Repelled('the PIN stays unknown', { cause: refusal });
  },
});
