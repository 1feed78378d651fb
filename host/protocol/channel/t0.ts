/**
 * What T=0 asks of the terminal (ISO 7816-3 section 10.3, 7816-4 section 5.3.4): a command with data carries no Le, and the
 * answer to it is fetched with GET RESPONSE while the card says 61xx. Nothing is ever sent twice: a command that moved money
 * must not, and 6Cxx, which would ask for it, never comes for the commands of this purse, which all carry data.
 */
import { concat } from '../codec/bytes.js';
import type { CardChannel } from './channel.js';
import { encodeApdu, parseAnswer, parseApdu } from './apdu.js';

const insGetResponse = 0xc0;

/** No answer of this purse needs more pieces; a card that always says 61xx must not hold the terminal. */
const mostPieces = 4;

export class T0Channel implements CardChannel {
  readonly #link: CardChannel;

  constructor(link: CardChannel) {
    this.#link = link;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    let answer = parseAnswer(await this.#link.transmit(withoutLe(apdu)));
    const parts = [answer.data];
    for (let piece = 0; answer.sw >> 8 === 0x61; piece++) {
      if (piece === mostPieces) throw new RangeError('the card offers more and more answer bytes');
      answer = parseAnswer(await this.#link.transmit(getResponse(answer.sw & 0xff)));
      parts.push(answer.data);
    }
    return concat(...parts, Uint8Array.of(answer.sw >> 8, answer.sw & 0xff));
  }
}

function withoutLe(apdu: Uint8Array): Uint8Array {
  const { data, le } = parseApdu(apdu);
  return data.length > 0 && le !== undefined ? apdu.slice(0, -1) : apdu;
}

/** Always in the interindustry class and in the clear: it fetches bytes that are already protected. */
function getResponse(length: number): Uint8Array {
  return encodeApdu({ cla: 0x00, ins: insGetResponse, p1: 0, p2: 0, data: new Uint8Array(0), le: length || 256 });
}
