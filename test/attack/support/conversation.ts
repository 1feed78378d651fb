/** Conversations between a terminal and a simulated card, kept with the card's state before each command. */
import { expect } from 'chai';
import type { Snapshot } from 'jcardsim-ts-bridge';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { readU16 } from '../../../host/protocol/codec/bytes.js';
import type { TestCard } from '../../helpers/cards.js';

/** One command as it was heard on the wire. */
export interface Heard {
  /** The whole card, session and generator included, before the command. */
  readonly before: Snapshot;
  readonly command: Uint8Array;
  readonly answer: Uint8Array;
}

/** Whoever sits between terminal and card, and only listens. */
export class Wiretap implements CardChannel {
  readonly heard: Heard[] = [];

  constructor(private readonly card: TestCard) {}

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const before = await this.card.card.snapshot();
    const answer = await this.card.transmit(command);
    this.heard.push({ before, command: command.slice(), answer: answer.slice() });
    return answer;
  }

  /** What was heard as number `index`; negative ones count from the end. */
  at(index: number): Heard {
    const heard = this.heard.at(index);
    if (!heard) throw new RangeError(`there was no command ${index}`);
    return heard;
  }
}

/** Whoever sits there and changes what he likes, or keeps it. */
export interface Tampering {
  readonly command?: (apdu: Uint8Array, number: number) => Uint8Array;
  /** Undefined: the answer never arrives. */
  readonly answer?: (apdu: Uint8Array, number: number) => Uint8Array | undefined;
}

export function tampered(link: CardChannel, { command, answer }: Tampering): CardChannel {
  let number = 0;
  return {
    async transmit(apdu) {
      const current = number++;
      const received = await link.transmit(command ? command(apdu, current) : apdu);
      const passed = answer ? answer(received, current) : received;
      if (passed === undefined) throw new Error('the link broke');
      return passed;
    },
  };
}

/** Sends commands as they are. @returns the status words that came in clear */
export async function replay(link: CardChannel, commands: readonly Uint8Array[]): Promise<number[]> {
  const words: number[] = [];
  for (const command of commands) words.push(statusOf(await link.transmit(command)));
  return words;
}

export function statusOf(answer: Uint8Array): number {
  return readU16(answer, answer.length - 2);
}

/** A copy with one bit turned; bit 0 is the highest of the first byte. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
  return copy;
}

export function bitsOf(bytes: Uint8Array): number[] {
  return Array.from({ length: 8 * bytes.length }, (_, bit) => bit);
}

/** The card wrote nothing at all in its last command. */
export async function wroteNothing(card: TestCard, what = ''): Promise<void> {
  expect((await card.card.counters()).persistentWrites, what).to.equal(0);
}
