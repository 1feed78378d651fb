// A thief's friend at a desk makes an order of his own to free a blocked card.
import { putOrder } from '../../../host/protocol/commands/put-order.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import { lastingTerminal } from '../../helpers/cards.js';
import { withoutCheck } from '../../helpers/doctored.js';
import { signerFor } from '../../helpers/keys.js';
import { onBoth } from './both.js';

onBoth('A desk clerk who signs his own unblock order', {
  ids: '[R17] [M9] [M12]',
  lacks: 'check who signed an order',
  transforms: [withoutCheck('Orders.requireSignature')],
  card: 'blocked',
  attack: async (card) => {
    const session = await card.open(lastingTerminal(Role.perso, 'friend'));
    await putOrder(session, card.orders.unblock(1, 1, { signer: signerFor('a friend') }));
  },
});
