/** A card in a reader: it is pulled out, or loses power, in the command that was told; everything it was ever sent is kept. */
import type { Card } from 'jcardsim-ts-bridge';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { commands } from '../../../host/protocol/generated/commands.js';
import { isPowerLost } from '../../tear/cutter.js';
import type { CardFault } from './steps.js';

const longestMemory = 400;

/** INS of commands by which money moves or comes back. */
const moving = new Set<number>([commands.DEBIT.ins, commands.CANCEL_LAST.ins, commands.CREDIT.ins]);

export class CardLink implements CardChannel {
  /** Did the fault that was set meet a command? */
  disturbed = false;
  /** What an eavesdropper could play again. */
  readonly heard: Uint8Array[] = [];
  #fault: CardFault | undefined;
  #commands = 0;
  #gone = false;

  constructor(readonly card: Card) {}

  /** The card is put into the reader again, and this will go wrong. */
  async insert(fault: CardFault | undefined): Promise<void> {
    this.#fault = fault;
    this.#commands = 0;
    this.#gone = this.disturbed = false;
    await this.card.powerOff();
    await this.card.powerOn();
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.#gone) throw new Error('no card');
    this.heard.push(apdu.slice());
    if (this.heard.length > longestMemory) this.heard.shift();
    if (this.#fault === undefined || !this.#isMeant(apdu, this.#fault)) return this.card.transmit(apdu);
    if (this.#fault.what === 'power') return this.#cut(apdu, this.#fault.write);
    if (this.#fault.where === 'after') await this.card.transmit(apdu);
    return this.#pulledOut();
  }

  #isMeant([, ins = 0]: Uint8Array, { command }: CardFault): boolean {
    const number = this.#commands++;
    return command === 'order' ? moving.has(ins) : number === command;
  }

  /** A command with fewer writes goes through. */
  async #cut(apdu: Uint8Array, write: number): Promise<Uint8Array> {
    await this.card.cutPowerAt(write);
    try {
      return await this.card.transmit(apdu);
    } catch (error) {
      if (!isPowerLost(error)) throw error;
      return this.#pulledOut();
    }
  }

  #pulledOut(): never {
    this.#gone = this.disturbed = true;
    throw new Error('the card was pulled out');
  }
}
