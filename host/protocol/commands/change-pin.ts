/** CHANGE PIN (ISO 7816-4 CHANGE REFERENCE DATA): a wrong old PIN costs a try. */
import type { CardChannel } from '../channel/channel.js';
import { pinBlock } from '../codec/pin.js';
import { commands } from '../generated/commands.js';
import { exchange } from './exchange.js';

/** @throws PinError for what is no PIN, before a try is spent; CardError refused, lost (then either PIN may be the right one) */
export async function changePin(session: CardChannel, oldPin: string, newPin: string): Promise<void> {
  await exchange(session, commands.CHANGE_PIN, {
    oldPin: { block: pinBlock(oldPin) },
    newPin: { block: pinBlock(newPin) },
  });
}
