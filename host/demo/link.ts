/** The link to a demo card: counts commands, measures time, and can be cut after the card has done what it was told. */
import type { CardChannel } from '../protocol/channel/channel.js';
import type { CardConnection } from '../readers/reader.js';

/** What a visit cost. */
export interface Cost {
  readonly apdus: number;
  readonly milliseconds: number;
}

export class DemoLink implements CardChannel {
  #apdus = 0;
  #milliseconds = 0;
  #cutAt: number | undefined;
  #cut = false;

  constructor(private readonly connection: CardConnection) {}

  /** Loses the answer to the command with this instruction byte; the card will have carried it out. */
  loseAnswerTo(ins: number): void {
    this.#cutAt = ins;
  }

  /** The link is gone. */
  get isCut(): boolean {
    return this.#cut;
  }

  get cost(): Cost {
    return { apdus: this.#apdus, milliseconds: this.#milliseconds };
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.#cut) throw new Error('the card is gone');
    this.#apdus++;
    const start = performance.now();
    const answer = await this.connection.transmit(apdu);
    this.#milliseconds += performance.now() - start;
    if (apdu[1] === this.#cutAt) {
      this.#cut = true;
      throw new Error('the card was pulled out');
    }
    return answer;
  }
}
