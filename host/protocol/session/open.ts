/** Opens a session with a selected purse: resumed where card and terminal know each other, else full; the caller cannot tell. */
import type { CardChannel } from '../channel/channel.js';
import { openFullSession } from './full.js';
import { openResumedSession } from './resumed.js';
import type { PurseSession, SessionOptions } from './session.js';

/**
 * After `select`. Ends any session the card had.
 *
 * @throws CardError refused, lost, malformed, foreign-scheme, card-certificate; whatever `options.admit` and `options.pairs` throw
 */
export async function openSession(link: CardChannel, options: SessionOptions): Promise<PurseSession> {
  const resumed = options.pairs && !options.full ? await openResumedSession(link, options) : undefined;
  return resumed ?? openFullSession(link, options);
}
