// A shop's certificate is right; its ephemeral key is a point of order 2 or 3 on another curve. What the card makes of it tells its key by 2 and by 3.
import { SecureChannel } from '../../../host/protocol/channel/secure.js';
import { parseCardCertificate } from '../../../host/protocol/certificates/card.js';
import { concat } from '../../../host/protocol/codec/bytes.js';
import { confirmSession } from '../../../host/protocol/commands/confirm-session.js';
import { openFull } from '../../../host/protocol/commands/open-session.js';
import { presentCertificate } from '../../../host/protocol/commands/present-certificate.js';
import { select } from '../../../host/protocol/commands/select.js';
import { x963Kdf } from '../../../host/protocol/crypto/agreement.js';
import { domains, sessionKeyInfoCodec } from '../../../host/protocol/generated/structures.js';
import { signTerminalAuthentication } from '../../../host/protocol/signed/terminal-authentication.js';
import { careless } from '../../helpers/doctored.js';
import { bytesFor } from '../../helpers/keys.js';
import { schemeId } from '../../helpers/scheme.js';
import type { TestCard } from '../../helpers/cards.js';
import { bigOf } from '../support/bad-points.js';
import { dissect } from '../support/dissection.js';
import { smallPoints } from '../support/small-points.js';
import type { SmallPoint } from '../support/small-points.js';
import { Till } from '../support/till.js';
import { onBoth } from './both.js';

const terminalNonce = bytesFor('nonce of a thief', 16);

onBoth('A shop whose ephemeral key lies on another curve', {
  ids: '[R5] [R7] [R15] [M6]',
  lacks: 'ask whether a point is on the curve',
  transforms: [careless('CardKeys.agree')],
  attack: async (card) => {
    const till = new Till('prying');
    const learnt: boolean[] = [];
    for (const small of smallPoints) learnt.push(await divides(card, till, small));
    // with every small prime, some fifty of them, it would be the whole key
    const key = bigOf((await dissect(card)).agreeKey);
    const truth = smallPoints.map(({ order }) => key % order === 0n);
    if (learnt.join() !== truth.join()) throw new Error('the shop was told something else');
  },
});

/** Does the order divide the card's private key? One meeting for each answer there may be. */
async function divides(card: TestCard, till: Till, { point, shared }: SmallPoint): Promise<boolean> {
  if (await confirms(card, till, point, shared.multiple)) return true;
  if (await confirms(card, till, point, shared.other)) return false;
  throw new Error('the card computed something else');
}

/** A full session as the shop would have it if `z` is what both sides share. */
async function confirms(card: TestCard, { identity }: Till, ephemeral: Uint8Array, z: Uint8Array): Promise<boolean> {
  const { bytes, terminalId, expiry: certificateExpiry } = identity.certificate;
  await select(card);
  const cardNonce = await presentCertificate(card, bytes);
  const both = { terminalId, certificateExpiry, cardNonce, terminalNonce, ephemeral };
  const signature = signTerminalAuthentication({ scheme: schemeId, ...both }, identity.signer);
  const { cardId } = parseCardCertificate(await openFull(card, { terminalNonce, ephemeral, signature }));
  const info = concat(domains.sessionKeyInfo, sessionKeyInfoCodec.encode({ cardId, ...both }));
  const material = x963Kdf(z, info, 32);
  const keys = { enc: material.slice(0, 16), mac: material.slice(16) };
  return confirmSession(new SecureChannel(card, keys, cardNonce), 0).then(
    () => true,
    () => false,
  );
}
