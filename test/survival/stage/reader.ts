/** A reader with a card in it, and somebody who pulls it out. */
import { isBridgeError } from 'jcardsim-ts-bridge';
import type { Card } from 'jcardsim-ts-bridge';
import { fromHex, toHex } from '../../../host/protocol/codec/bytes.js';
import type { CardAnswer, Command } from './far-card.js';

/** The card is pulled out before or after that command of a run, from 0, or before one of the persistent writes it makes. */
export type Pull =
  | { readonly command: number; readonly where: 'before' | 'after' }
  | { readonly command: number; readonly where: 'during'; readonly write: number };

export class Reader {
  /** Was it pulled out? */
  pulled = false;
  #commands = 0;

  constructor(
    private readonly card: Card,
    private readonly pull: Pull | undefined,
  ) {}

  async powerOn(): Promise<void> {
    await this.card.powerOn();
  }

  async powerOff(): Promise<void> {
    await this.card.disarm();
    await this.card.powerOff();
  }

  async answer({ apdu }: Command): Promise<CardAnswer> {
    if (this.pulled) return gone;
    const { pull } = this;
    if (this.#commands++ !== pull?.command) return this.#through(apdu);
    if (pull.where === 'during') await this.card.cutPowerAt(pull.write);
    const answer = pull.where === 'before' ? gone : await this.#through(apdu);
    if (pull.where !== 'during') this.pulled = true;
    return this.pulled ? gone : answer;
  }

  async #through(apdu: string): Promise<CardAnswer> {
    try {
      return { answer: toHex(await this.card.transmit(fromHex(apdu))) };
    } catch (error) {
      if (!isBridgeError(error, 'PowerLost')) throw error;
      this.pulled = true;
      return gone;
    }
  }
}

const gone = { gone: 'the card was pulled out' } as const;
