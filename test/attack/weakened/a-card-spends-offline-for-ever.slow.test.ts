// A card that never sees the issuer again pays on and on, more often than the issuer set.
import { putOrder } from '../../../host/protocol/commands/put-order.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import { lastingTerminal } from '../../helpers/cards.js';
import { withoutCheck } from '../../helpers/doctored.js';
import { firstParameters } from '../../helpers/personalize.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

const offlineCount = 5;

onBoth('A holder who never synchronises', {
  ids: '[R14] [M12]',
  lacks: 'count offline payments',
  transforms: [withoutCheck('Payments.applyOfflineLimits')],
  attack: async (card) => {
    const desk = await card.open(lastingTerminal(Role.perso, 'limits'));
    await putOrder(desk, card.orders.parameters(1, { ...firstParameters, version: 2, offlineCount }));
    const till = new Till('offline');
    for (let i = 0; i <= offlineCount; i++) await till.pay(await till.open(card), till.order(1n));
  },
});
