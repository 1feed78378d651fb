/** VERIFY PIN (ISO 7816-4): five tries; serves one transaction. */
import type { CardChannel } from '../channel/channel.js';
import { pinBlock } from '../codec/pin.js';
import { commands } from '../generated/commands.js';
import { exchange } from './exchange.js';

/**
 * @throws PinError for what is no PIN, before a try is spent; CardError refused (`pinTriesLeft` after a wrong PIN; 6983 once
 *   there is none), lost
 */
export async function verifyPin(session: CardChannel, pin: string): Promise<void> {
  await exchange(session, commands.VERIFY_PIN, { pin: { block: pinBlock(pin) } });
}
