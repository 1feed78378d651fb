// An acquirer granted a shop 5.00 a payment; the shop's own software forgets that.
import { euro } from '../../helpers/scheme.js';
import { withoutCheck } from '../../helpers/doctored.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('A shop that takes more than its certificate grants', {
  ids: '[M6] [M12]',
  lacks: 'read the grants in a certificate',
  transforms: [withoutCheck('Payments.requireTerminalLimit')],
  attack: async (card) => {
    const till = new Till('greedy', { limits: [{ unit: euro.code, limit: 5_00 }] });
    await till.pay(await till.open(card), till.order(20_00n));
  },
});
