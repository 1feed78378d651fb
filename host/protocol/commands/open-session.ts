/** OPEN SESSION, both forms. The sessions in `../session` are made of these. */
import type { CardChannel } from '../channel/channel.js';
import { commands } from '../generated/commands.js';
import type {
  OpenSessionFullRequest,
  OpenSessionResumedRequest,
  OpenSessionResumedResponse,
} from '../generated/messages.js';
import { exchange } from './exchange.js';

/** After PRESENT CERTIFICATE. @returns the card's certificate, not judged @throws CardError refused, lost, malformed */
export async function openFull(channel: CardChannel, request: OpenSessionFullRequest): Promise<Uint8Array> {
  const { certificate } = await exchange(channel, commands.OPEN_SESSION_FULL, request);
  return certificate;
}

/** @throws CardError refused (6A88: the card does not know the terminal), lost, malformed */
export async function openResumed(
  channel: CardChannel,
  request: OpenSessionResumedRequest,
): Promise<OpenSessionResumedResponse> {
  return exchange(channel, commands.OPEN_SESSION_RESUMED, request);
}
