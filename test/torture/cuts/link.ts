/** A link to a card that loses power in every command, everywhere, before each command goes through at last. */
import type { CutPoints } from 'jcardsim-ts-bridge';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import type { Step } from '../../tear/cutter.js';
import type { Pairs, Stage } from '../../tear/stage.js';

/** One command, and where power cuts in it lead. */
export interface CutCommand {
  readonly step: Step;
  readonly found: CutPoints;
  /** What the terminals remembered when it was sent. */
  readonly pairs: Pairs;
}

export class CuttingLink implements CardChannel {
  readonly #stage: Stage;
  readonly #commands: CutCommand[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  get commands(): readonly CutCommand[] {
    return this.#commands;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    const { card, pairs } = this.#stage;
    const known = { ...pairs };
    const before = this.#commands.at(-1)?.step.after ?? (await card.persistentState()).text;
    const found = await card.cutEverywhere(apdu);
    const answer = await card.transmit(apdu);
    const writes = found.points - 1;
    const after = writes === 0 ? before : (await card.persistentState()).text;
    const step = { header: toHex(apdu.slice(0, 4)), ins: apdu[1] ?? 0, writes, before, after };
    this.#commands.push({ step, found, pairs: known });
    return answer;
  }
}
