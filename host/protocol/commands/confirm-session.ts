/** CONFIRM SESSION: proves the terminal has the keys of a full session; the answer proves the card has them. */
import type { CardChannel } from '../channel/channel.js';
import { commands } from '../generated/commands.js';
import type { ConfirmSessionResponse } from '../generated/messages.js';
import { exchange } from './exchange.js';

/** @param slot purse slot S1 is to tell about @throws CardError refused, lost, malformed */
export async function confirmSession(session: CardChannel, slot: number): Promise<ConfirmSessionResponse> {
  return exchange(session, commands.CONFIRM_SESSION, { slot });
}
