// A shop lost its contract, and its certificate ran out. It turns its clock back, and goes on.
import { day } from '../../../host/protocol/codec/time.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import { lastingTerminal, synchronise } from '../../helpers/cards.js';
import { withoutCheck } from '../../helpers/doctored.js';
import { startTime } from '../../helpers/scheme.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

onBoth('A shop whose certificate has run out, with its clock turned back', {
  ids: '[R7] [R8] [M12]',
  lacks: 'look at dates',
  transforms: [withoutCheck('PurseMemory.isPast'), withoutCheck('Dates.requireValid')],
  attack: async (card) => {
    const till = new Till('brief', { expiry: startTime + day });
    await synchronise(await card.open(lastingTerminal(Role.perso)), card.orders, startTime + 2 * day);
    await till.pay(await till.open(card), till.order(1_00n, { time: startTime }));
  },
});
