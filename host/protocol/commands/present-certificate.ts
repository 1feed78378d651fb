/** PRESENT CERTIFICATE (ISO 7816-8 PERFORM SECURITY OPERATION: VERIFY CERTIFICATE): the card's first check of the terminal. */
import type { CardChannel } from '../channel/channel.js';
import { commands } from '../generated/commands.js';
import { exchange } from './exchange.js';

/** @param certificate at most 239 bytes @returns the card's nonce, 16 bytes @throws CardError refused, lost, malformed */
export async function presentCertificate(channel: CardChannel, certificate: Uint8Array): Promise<Uint8Array> {
  const { cardNonce } = await exchange(channel, commands.PRESENT_CERTIFICATE, { certificate });
  return cardNonce;
}
