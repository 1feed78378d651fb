/** A desk's session with a raw card: the resumed form under the transport keys, role PERSO, no S1. */
import type { CardChannel } from '../channel/channel.js';
import type { SecureChannel, SessionKeys } from '../channel/secure.js';
import { traced } from '../channel/trace.js';
import type { Trace } from '../channel/trace.js';
import { isZero } from '../codec/bytes.js';
import { malformed } from '../commands/exchange.js';
import type { Random } from '../crypto/random.js';
import { CardError } from '../errors.js';
import { commands } from '../generated/commands.js';
import { openUnder } from './resumed.js';
import type { RawSession } from './session.js';

export interface RawSessionOptions {
  /** As `transportKeys` derives them from batch key and serial. */
  readonly keys: SessionKeys;
  /** 8 bytes; a raw card takes any. */
  readonly terminalId: Uint8Array;
  readonly random?: Random;
  readonly trace?: Trace;
}

/** @throws CardError transport-keys, refused, lost, malformed */
export async function openRawSession(link: CardChannel, options: RawSessionOptions): Promise<RawSession> {
  const { keys, terminalId, random, trace } = options;
  const request = { terminalId, slot: 0, ...(random && { random }) };
  const opened = await openUnder(link, request, async (name) => (isZero(name) ? keys : undefined));
  if (!opened)
    throw new CardError('transport-keys', 'The card is not raw, or not of this batch.', {
      command: commands.OPEN_SESSION_RESUMED.name,
    });
  const { secure, answer } = opened;
  if (answer.length > 0) {
    secure.end();
    throw malformed(commands.OPEN_SESSION_RESUMED, new RangeError('a raw card gives no S1'));
  }
  return new OpenRawSession(secure, traced(secure, trace));
}

class OpenRawSession implements RawSession {
  readonly kind = 'raw';
  readonly #secure: SecureChannel;
  readonly #channel: CardChannel;

  constructor(secure: SecureChannel, channel: CardChannel) {
    this.#secure = secure;
    this.#channel = channel;
  }

  get over(): boolean {
    return this.#secure.over;
  }

  end(): void {
    this.#secure.end();
  }

  transmit(apdu: Uint8Array): Promise<Uint8Array> {
    return this.#channel.transmit(apdu);
  }
}
