// Somebody kept the PIN reset of last year, and the card fell into his hands.
import { putPinReset } from '../../../host/protocol/commands/put-order.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import { lastingTerminal } from '../../helpers/cards.js';
import { withoutCheck } from '../../helpers/doctored.js';
import { onBoth } from './both.js';

onBoth('A clerk who brings an old PIN reset again', {
  ids: '[M8] [M10]',
  lacks: 'count orders',
  transforms: [withoutCheck('Orders.requireNextOrder')],
  attack: async (card) => {
    const session = await card.open(lastingTerminal(Role.perso, 'clerk'));
    const old = card.orders.pinReset(1);
    await putPinReset(session, old, '135790');
    await putPinReset(session, old, '246802');
  },
});
