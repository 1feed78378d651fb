// A merchant gives money back to his friend, and signs for it with somebody else's key, to settle the sale all the same.
import { withoutCheck } from '../../helpers/doctored.js';
import { signerFor } from '../../helpers/keys.js';
import { cancelOrderOf } from '../../../host/protocol/commands/cancel-last.js';
import { signCancelOrder } from '../../../host/protocol/signed/cancel-order.js';
import { seenAfter, Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('A merchant who cancels without his own signature', {
  ids: '[R13] [M12]',
  lacks: 'check who signed a cancel order',
  transforms: [withoutCheck('Payments.requireCancelSignature')],
  attack: async (card) => {
    const till = new Till('colluding');
    const session = await till.open(card, { full: true });
    const sold = await till.pay(session, till.order(1n));
    const request = till.cancelOf(sold);
    const signature = signCancelOrder(cancelOrderOf(session, request), signerFor('nobody'));
    await till.cancel(session, request, { seen: seenAfter(sold), signature });
  },
});
