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
    let answer: Uint8Array | undefined;
    try {
      return (answer = await this.#link.transmit(apdu));
    } finally {
      this.#tell(apdu, answer, performance.now() - start);
    }
  }

  /** A listener that fails must not cost the terminal the card's answer. */
  #tell(apdu: Uint8Array, answer: Uint8Array | undefined, milliseconds: number): void {
    try {
      const description = describeExchange(apdu, answer, this.#layer === 'wire');
      this.#trace({ layer: this.#layer, description, milliseconds });
    } catch {
      // there is nobody left to tell
    }
  }
}

/** The inside of a session, with a listener where there is one. */
export function traced(session: CardChannel, trace: Trace | undefined): CardChannel {
  return trace ? new TraceChannel(session, trace, 'inside') : session;
}
