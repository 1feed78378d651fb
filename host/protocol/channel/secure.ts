/**
 * Secure messaging (docs/protocol.md section 4): AES-CTR from the MAC chain, 8-byte CMACs, one chain over commands and answers in order.
 *
 * The decorator takes plaintext commands and gives plaintext answers with the true status word. Anything that is not an
 * answer under 9000 with the right MAC proves nothing: it ends the session as `lost`.
 */
import { concat, equalSecret } from '../codec/bytes.js';
import { cmac, ctr } from '../crypto/aes.js';
import { CardError } from '../errors.js';
import { classes, macLength, protectedCommandMax } from '../generated/parameters.js';
import { encodeApdu, parseAnswer, parseApdu } from './apdu.js';
import type { CardChannel } from './channel.js';

/** Session, pair or transport keys, 16 bytes each. */
export interface SessionKeys {
  readonly enc: Uint8Array;
  readonly mac: Uint8Array;
}

/** Tell a command's MAC from an answer's, so that neither can be sent back as the other. */
const commandTag = Uint8Array.of(0x43);
const answerTag = Uint8Array.of(0x52);

const outerOk = 0x9000;
const statusLength = 2;

export class SecureChannel implements CardChannel {
  readonly #link: CardChannel;
  readonly #enc: Uint8Array;
  readonly #mac: Uint8Array;
  #chain: Uint8Array;
  #state: 'idle' | 'waiting' | 'over' = 'idle';

  /** @param chain first chaining value, 16 bytes: the card's nonce (full) or the transcript's CMAC (resumed) */
  constructor(link: CardChannel, keys: SessionKeys, chain: Uint8Array) {
    this.#link = link;
    this.#enc = keys.enc.slice();
    this.#mac = keys.mac.slice();
    this.#chain = chain.slice();
  }

  get over(): boolean {
    return this.#state === 'over';
  }

  /** Forgets the keys. The card forgets its own at the next OPEN, SELECT or reset. */
  end(): void {
    this.#state = 'over';
    this.#enc.fill(0);
    this.#mac.fill(0);
    this.#chain.fill(0);
  }

  /**
   * @param apdu plaintext command; class and Le are set here
   * @returns plaintext answer and the status word that was inside
   * @throws CardError session-over, busy (nothing was sent), lost
   */
  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.over) throw new CardError('session-over', 'The session with the card is over.');
    if (this.#state === 'waiting') throw new CardError('busy', 'The card is still at work.');
    const command = this.#protect(apdu);
    this.#state = 'waiting';
    try {
      const answer = this.#unprotect(await this.#send(command));
      if (!answer) throw lost('The answer is not authentic.');
      this.#state = 'idle';
      return answer;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /**
   * Opens the protected part of the answer to OPEN SESSION, which starts the chain.
   *
   * @returns plaintext and status word; undefined when the MAC is wrong, and the session is over
   */
  openAnswer(wire: Uint8Array): Uint8Array | undefined {
    const plain = this.#unprotect(wire);
    if (!plain) this.end();
    return plain;
  }

  #protect(apdu: Uint8Array): Uint8Array {
    const { ins, p1, p2, data } = parseApdu(apdu);
    if (data.length > protectedCommandMax) throw new RangeError(`${data.length} bytes do not fit a protected command`);
    const header = Uint8Array.of(classes.protected, ins, p1, p2, data.length + macLength);
    const cipher = this.#crypt(data);
    this.#chain = cmac(this.#mac, concat(this.#chain, commandTag, header, cipher));
    return encodeApdu({ cla: classes.protected, ins, p1, p2, data: concat(cipher, this.#shortMac()), le: 256 });
  }

  async #send(command: Uint8Array): Promise<Uint8Array> {
    const { data, sw } = await this.#receive(command);
    if (sw !== outerOk)
      throw lost(`The card ended the session (${sw.toString(16).toUpperCase()}); that proves nothing.`, undefined, sw);
    return data;
  }

  async #receive(command: Uint8Array): Promise<{ data: Uint8Array; sw: number }> {
    try {
      return parseAnswer(await this.#link.transmit(command));
    } catch (error) {
      throw lost('The answer of the card did not arrive.', error);
    }
  }

  /** @returns plaintext and status word; undefined when the MAC is wrong */
  #unprotect(wire: Uint8Array): Uint8Array | undefined {
    const cipher = wire.slice(0, -macLength);
    const mac = cmac(this.#mac, concat(this.#chain, answerTag, cipher));
    if (cipher.length < statusLength || !equalSecret(mac.slice(0, macLength), wire.slice(-macLength))) return undefined;
    const plain = this.#crypt(cipher);
    this.#chain = mac;
    return plain;
  }

  /** The last byte of the first counter block counts the blocks of this message; no message has more than 16. */
  #crypt(data: Uint8Array): Uint8Array {
    return ctr(this.#enc, concat(this.#chain.slice(0, 15), Uint8Array.of(0)), data);
  }

  #shortMac(): Uint8Array {
    return this.#chain.slice(0, macLength);
  }
}

function lost(message: string, cause?: unknown, sw?: number): CardError {
  return new CardError('lost', message, { moneyMoved: 'unknown', cause, ...(sw !== undefined && { sw }) });
}
