// Somebody certifies himself as a shop.
import { withoutCheck } from '../../helpers/doctored.js';
import { signerFor } from '../../helpers/keys.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('A shop that certified itself', {
  ids: '[R7] [M6] [M12]',
  lacks: 'verify signatures',
  transforms: [withoutCheck('CardKeys.verify', 1)],
  attack: async (card) => {
    const till = new Till('self-made', { ca: signerFor('self-made authority') });
    await till.pay(await till.open(card), till.order(1_00n));
  },
});
