// A thief types whatever comes to his mind, and pays dearly.
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { withoutCheck } from '../../helpers/doctored.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('A thief who types any PIN', {
  ids: '[R16] [M12]',
  lacks: 'compare PINs',
  transforms: [withoutCheck('PinCommands.check')],
  attack: async (card) => {
    const till = new Till('thief');
    const session = await till.open(card);
    await verifyPin(session, '9999');
    await till.pay(session, till.order(60_00n));
  },
});
