/** Links to a simulated card: one that loses power where told, one that notes what each command did. */
import { BridgeError } from 'jcardsim-ts-bridge';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import type { TestCard } from '../helpers/cards.js';

/** Power fails in this command of a dialogue (from 0), before this persistent write (from 0); the last is after all writes. */
export interface Cut {
  readonly command: number;
  readonly write: number;
}

export class Cutter implements CardChannel {
  readonly #card: TestCard;
  readonly #cut: Cut;
  #sent = 0;

  constructor(card: TestCard, cut: Cut) {
    this.#card = card;
    this.#cut = cut;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.#sent++ === this.#cut.command) await this.#card.card.cutPowerAt(this.#cut.write);
    return this.#card.transmit(apdu);
  }
}

/** What one command of a dialogue did. */
export interface Step {
  /** CLA INS P1 P2. */
  readonly header: string;
  readonly ins: number;
  /** Persistent writes; power can fail before each and after the last. */
  readonly writes: number;
  /** Persistent state before and after, as text. */
  readonly before: string;
  readonly after: string;
}

export class Recorder implements CardChannel {
  readonly #card: TestCard;
  readonly #steps: Step[] = [];

  constructor(card: TestCard) {
    this.#card = card;
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    const before = this.#steps.at(-1)?.after ?? (await this.#card.persistentState()).text;
    const answer = await this.#card.transmit(apdu);
    const { persistentWrites: writes } = await this.#card.card.counters();
    const after = (await this.#card.persistentState()).text;
    this.#steps.push({ header: toHex(apdu.slice(0, 4)), ins: apdu[1] ?? 0, writes, before, after });
    return answer;
  }
}

/** Was it the power that failed, and nothing else? */
export function isPowerLost(error: unknown): boolean {
  if (error instanceof BridgeError) return error.code === 'PowerLost';
  return error instanceof Error && error.cause !== undefined && isPowerLost(error.cause);
}
