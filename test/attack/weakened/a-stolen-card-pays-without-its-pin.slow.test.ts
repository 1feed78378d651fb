// A thief has the card and not the PIN, and wants more than a coffee.
import { withoutCheck } from '../../helpers/doctored.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('A thief who pays 60.00 without the PIN', {
  ids: '[R16] [M12]',
  lacks: 'ask for the PIN',
  transforms: [withoutCheck('Payments.applyPinRule')],
  attack: async (card) => {
    const till = new Till('thief');
    await till.pay(await till.open(card), till.order(60_00n));
  },
});
