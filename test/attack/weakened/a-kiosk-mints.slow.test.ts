// A kiosk asks for 5.00, and signs the authorisation itself.
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

onBoth('A kiosk that signs its own authorisation', {
  ids: '[R1] [M3] [M12]',
  lacks: 'check who authorised a credit',
  transforms: [withoutCheck('Loads.requireAuthorisation')],
  attack: async (card) => {
    const kiosk = lastingTerminal(Role.load, 'minting');
    const session = await card.open(kiosk);
    await verifyPin(session, holderPin);
    const request = { type: LoadType.load, slot: euroSlot, amount: money(5_00n, euro), time: startTime } as const;
    const { statement } = await initLoad(session, request);
    const { fields, signature } = card.orders.authorise(statement, startTime, {}, kiosk.signer);
    await credit(session, fields, signature);
  },
});
