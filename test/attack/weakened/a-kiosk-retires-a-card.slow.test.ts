// A kiosk passes on an order that only a desk may bring, and a holder is without his card.
import { putOrder } from '../../../host/protocol/commands/put-order.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import { lastingTerminal } from '../../helpers/cards.js';
import { withoutCheck } from '../../helpers/doctored.js';
import { onBoth } from './both.js';

onBoth('A kiosk that retires a card', {
  ids: '[R7] [M9] [M12]',
  lacks: 'ask which role brings an order',
  transforms: [withoutCheck('Orders.requireRole')],
  attack: async (card) => {
    const session = await card.open(lastingTerminal(Role.load, 'meddling'));
    await putOrder(session, card.orders.retire(1));
  },
});
