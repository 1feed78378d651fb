/** A card as its reader sees it under T=0 (ISO 7816-3 section 10.3): no Le behind data, answers fetched with GET RESPONSE. */
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { concat } from '../../host/protocol/codec/bytes.js';

const insGetResponse = 0xc0;

/** Longest piece given at once, as many real cards do; an answer of 256 bytes takes two. */
const longestPiece = 128;

export class T0Card implements CardChannel {
  readonly #card: CardChannel;
  /** Data and status word not fetched yet. */
  #answer: { data: Uint8Array; sw: Uint8Array } | undefined;

  constructor(card: CardChannel) {
    this.#card = card;
  }

  /** @param tpdu CLA INS P1 P2 P3, then P3 bytes or nothing @throws Error for what no T=0 reader can send */
  async transmit(tpdu: Uint8Array): Promise<Uint8Array> {
    const [cla, ins, , , p3 = 0] = tpdu;
    if (cla === 0x00 && ins === insGetResponse) return this.#fetch(p3);
    this.#answer = undefined;
    const hasData = tpdu.length > 5;
    if (hasData && tpdu.length !== 5 + p3) throw new Error('T=0 carries either data or Le');
    const answer = await this.#card.transmit(hasData ? concat(tpdu, Uint8Array.of(0)) : tpdu);
    const [data, sw] = [answer.slice(0, -2), answer.slice(-2)];
    if (data.length === 0) return sw;
    this.#answer = { data, sw };
    return hasData ? this.#more(data.length) : this.#fetch(p3);
  }

  #fetch(le: number): Uint8Array {
    const answer = this.#answer;
    if (!answer) return Uint8Array.of(0x6d, 0x00);
    const wanted = le === 0 ? 256 : le;
    if (wanted > answer.data.length) return Uint8Array.of(0x6c, answer.data.length & 0xff);
    const rest = answer.data.slice(wanted);
    this.#answer = rest.length > 0 ? { ...answer, data: rest } : undefined;
    return concat(answer.data.slice(0, wanted), rest.length > 0 ? this.#more(rest.length) : answer.sw);
  }

  #more(length: number): Uint8Array {
    return Uint8Array.of(0x61, Math.min(length, longestPiece));
  }
}
