// An acquirer certifies shops. One of them certifies a kiosk, to ask cards for what only kiosks are told.
import { readTotals } from '../../../host/protocol/commands/read-log.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import { openWith } from '../../helpers/cards.js';
import { withoutCheck } from '../../helpers/doctored.js';
import { holderPin } from '../../helpers/personalize.js';
import { authoritySigner, keyIdOf, terminal } from '../../helpers/scheme.js';
import { onBoth } from './both.js';

onBoth('An acquirer that certifies a kiosk', {
  ids: '[R7] [M6] [M12]',
  lacks: 'ask which roles a CA may grant',
  transforms: [withoutCheck('PublicKeys.mayGrant', 1)],
  attack: async (card) => {
    const kiosk = terminal(Role.load, 'false', { authority: keyIdOf('posCa'), ca: authoritySigner('posCa') });
    const session = await openWith(card, kiosk);
    await verifyPin(session, holderPin);
    await readTotals(session);
  },
});
