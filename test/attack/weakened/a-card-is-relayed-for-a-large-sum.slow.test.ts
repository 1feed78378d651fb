// A reader beside a holder's pocket, a friend at a till far away: nobody can see it, so what it may cost is limited.
import { withoutCheck } from '../../helpers/doctored.js';
import { tampered } from '../support/conversation.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('A relay that pays 60.00 at once from somebody’s pocket', {
  ids: '[R16] [M12]',
  lacks: 'limit what is paid without the PIN',
  transforms: [withoutCheck('Payments.applyPinRule')],
  attack: async (card) => {
    const till = new Till('far away');
    await till.pay(await till.open(tampered(card, {})), till.order(60_00n));
  },
});
