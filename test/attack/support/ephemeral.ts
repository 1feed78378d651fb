/** The terminal's end of a full session whose ephemeral point has no private key that anybody knows: only what both sides share is known, or guessed. */
import { SecureChannel } from '../../../host/protocol/channel/secure.js';
import { parseCardCertificate } from '../../../host/protocol/certificates/card.js';
import { concat } from '../../../host/protocol/codec/bytes.js';
import { confirmSession } from '../../../host/protocol/commands/confirm-session.js';
import { openFull } from '../../../host/protocol/commands/open-session.js';
import { presentCertificate } from '../../../host/protocol/commands/present-certificate.js';
import { select } from '../../../host/protocol/commands/select.js';
import { x963Kdf } from '../../../host/protocol/crypto/agreement.js';
import { isCardError } from '../../../host/protocol/errors.js';
import { domains, sessionKeyInfoCodec } from '../../../host/protocol/generated/structures.js';
import type { TerminalIdentity } from '../../../host/protocol/session/session.js';
import { signTerminalAuthentication } from '../../../host/protocol/signed/terminal-authentication.js';
import { bytesFor } from '../../helpers/keys.js';
import { schemeId } from '../../helpers/scheme.js';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';

const terminalNonce = bytesFor('nonce of a terminal without a key', 16);

/**
 * Does the card confirm a session with this ephemeral point under the keys that follow from `z`?
 *
 * @param ephemeral X ‖ Y @param z 32 bytes @throws CardError when the card does not take the point
 */
export async function confirms(
  card: CardChannel,
  { certificate, signer }: TerminalIdentity,
  ephemeral: Uint8Array,
  z: Uint8Array,
): Promise<boolean> {
  const { bytes, terminalId, expiry: certificateExpiry } = certificate;
  await select(card);
  const cardNonce = await presentCertificate(card, bytes);
  const both = { terminalId, certificateExpiry, cardNonce, terminalNonce, ephemeral };
  const signature = signTerminalAuthentication({ scheme: schemeId, ...both }, signer);
  const { cardId } = parseCardCertificate(await openFull(card, { terminalNonce, ephemeral, signature }));
  const info = concat(domains.sessionKeyInfo, sessionKeyInfoCodec.encode({ cardId, ...both }));
  const material = x963Kdf(z, info, 32);
  const keys = { enc: material.slice(0, 16), mac: material.slice(16) };
  try {
    await confirmSession(new SecureChannel(card, keys, cardNonce), 0);
    return true;
  } catch (error) {
    if (isCardError(error, 'lost')) return false;
    throw error;
  }
}
