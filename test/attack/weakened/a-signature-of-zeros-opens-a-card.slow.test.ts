// r = 0 and s = 0: a verifier that does not ask for their range finds that this holds over anything, under any key (CVE-2022-21449).
import { fromHex } from '../../../host/protocol/codec/bytes.js';
import { money } from '../../../host/protocol/codec/money.js';
import { credit } from '../../../host/protocol/commands/credit.js';
import { initLoad } from '../../../host/protocol/commands/init-load.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { LoadType, Role } from '../../../host/protocol/generated/enums.js';
import { openWith } from '../../helpers/cards.js';
import { careless } from '../../helpers/doctored.js';
import { euroSlot, holderPin } from '../../helpers/personalize.js';
import { euro, startTime, terminal } from '../../helpers/scheme.js';
import { onBoth } from './both.js';

const zeros = fromHex('3006020100020100');

onBoth('Somebody who signs with zeros: a kiosk’s meeting first, then the issuer’s credit', {
  ids: '[R1] [R7] [M3] [M6]',
  lacks: 'ask for r and s above zero',
  transforms: [careless('CardKeys.verify')],
  attack: async (card) => {
    const { certificate, signer } = terminal(Role.load);
    const session = await openWith(card, { certificate, signer: { ...signer, sign: () => zeros } });
    await verifyPin(session, holderPin);
    const request = { type: LoadType.load, slot: euroSlot, amount: money(5_00n, euro), time: startTime } as const;
    const { statement } = await initLoad(session, request);
    await credit(session, card.orders.authorise(statement, startTime).fields, zeros);
  },
});
