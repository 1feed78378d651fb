/** GENERATE KEYS: the card makes its two key pairs, once; asked again it gives the same public keys. */
import type { CardChannel } from '../channel/channel.js';
import { isOnCurve } from '../crypto/ecdsa.js';
import { commands } from '../generated/commands.js';
import { exchange, malformed } from './exchange.js';

export interface CardPoints {
  /** X ‖ Y of the signature key, 64 bytes. */
  readonly signPoint: Uint8Array;
  /** X ‖ Y of the key agreement key, 64 bytes. */
  readonly agreePoint: Uint8Array;
}

/** Raw session. @throws CardError refused, lost, malformed (a point off the curve) */
export async function generateKeys(session: CardChannel): Promise<CardPoints> {
  const points = await exchange(session, commands.GENERATE_KEYS, {});
  if (!isOnCurve(points.signPoint) || !isOnCurve(points.agreePoint)) {
    throw malformed(commands.GENERATE_KEYS, new RangeError('a point off the curve'));
  }
  return points;
}
