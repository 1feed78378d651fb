// A holder keeps the authorisation of a load of 1.00, asks for 200.00, and presents what he has.
import { money } from '../../../host/protocol/codec/money.js';
import { credit } from '../../../host/protocol/commands/credit.js';
import { initLoad } from '../../../host/protocol/commands/init-load.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { LoadType, Role } from '../../../host/protocol/generated/enums.js';
import { lastingTerminal } from '../../helpers/cards.js';
import { withoutCheck } from '../../helpers/doctored.js';
import { euroSlot, holderPin } from '../../helpers/personalize.js';
import { euro, startTime } from '../../helpers/scheme.js';
import { onBoth } from './both.js';

onBoth('A holder who presents the authorisation of 1.00 for a load of 200.00', {
  ids: '[R1] [M1] [M3]',
  lacks: 'compare an authorisation with the load that it is for',
  transforms: [withoutCheck('LoadRegister.matches', 1)],
  attack: async (card) => {
    const session = await card.open(lastingTerminal(Role.load, 'unwitting'));
    const ask = async (amount: bigint): ReturnType<typeof initLoad> => {
      await verifyPin(session, holderPin);
      return initLoad(session, { type: LoadType.load, slot: euroSlot, amount: money(amount, euro), time: startTime });
    };
    const { fields, signature } = card.orders.authorise((await ask(1_00n)).statement, startTime);
    await credit(session, fields, signature);
    await ask(200_00n);
    await credit(session, fields, signature);
  },
});
