// A shop is curious what its customers have on their cards, and what they did elsewhere.
import { readTotals } from '../../../host/protocol/commands/read-log.js';
import { withoutCheck } from '../../helpers/doctored.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('A shop that reads its customers’ figures', {
  ids: '[R10] [M6] [M12]',
  lacks: 'ask who reads its log',
  transforms: [withoutCheck('Guard.check'), withoutCheck('LogCommands.requireReader')],
  attack: async (card) => {
    const till = new Till('curious');
    await readTotals(await till.open(card));
  },
});
