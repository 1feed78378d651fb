/** The trace decorator tells a listener what passes. Decoding and masking are in `describe.ts`. */
import type { CardChannel } from './channel.js';
import { describeExchange } from './describe.js';
import type { ApduDescription } from './describe.js';

/** One command with its answer, secrets masked. */
export interface TraceEvent {
  /** `wire`: as sent; `inside`: the plaintext of a protected command. */
  readonly layer: 'wire' | 'inside';
  readonly description: ApduDescription;
  readonly milliseconds: number;
}

export type Trace = (event: TraceEvent) => void;

export class TraceChannel implements CardChannel {
  readonly #link: CardChannel;
  readonly #trace: Trace;
  readonly #layer: TraceEvent['layer'];

  constructor(link: CardChannel, trace: Trace, layer: TraceEvent['layer']) {
    this.#link = link;
    this.#trace = trace;
    this.#layer = layer;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    const start = performance.now();
    const tell = (answer: Uint8Array | undefined): void =>
      this.#trace({
        layer: this.#layer,
        description: describeExchange(apdu, answer, this.#layer === 'wire'),
        milliseconds: performance.now() - start,
      });
    try {
      const answer = await this.#link.transmit(apdu);
      tell(answer);
      return answer;
    } catch (error) {
      tell(undefined);
      throw error;
    }
  }
}
