/** Records a conversation with a card, and plays one back in its place. For tests and bug reports; records hold what the wire holds. */
import { equalBytes, fromHex, toHex } from '../codec/bytes.js';
import type { CardChannel } from './channel.js';

/** One command and what came back; no answer = the link broke. */
export interface RecordedExchange {
  readonly command: Uint8Array;
  readonly answer: Uint8Array | undefined;
}

export class RecordingChannel implements CardChannel {
  readonly #link: CardChannel;
  readonly exchanges: RecordedExchange[] = [];

  constructor(link: CardChannel) {
    this.#link = link;
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    try {
      const answer = await this.#link.transmit(command);
      this.exchanges.push({ command: command.slice(), answer: answer.slice() });
      return answer;
    } catch (error) {
      this.exchanges.push({ command: command.slice(), answer: undefined });
      throw error;
    }
  }
}

/** The conversation took another turn than the recorded one. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}

/** Gives the recorded answers to the recorded commands, and nothing else. */
export class ReplayChannel implements CardChannel {
  readonly #exchanges: readonly RecordedExchange[];
  #next = 0;

  constructor(exchanges: readonly RecordedExchange[]) {
    this.#exchanges = exchanges;
  }

  get remaining(): number {
    return this.#exchanges.length - this.#next;
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const exchange = this.#exchanges[this.#next];
    if (!exchange) throw new ReplayError(`no command was recorded after the last, but ${toHex(command)} came`);
    if (!equalBytes(exchange.command, command)) {
      throw new ReplayError(
        `command ${this.#next} was recorded as ${toHex(exchange.command)}, but ${toHex(command)} came`,
      );
    }
    this.#next++;
    if (!exchange.answer) throw new Error('the link broke here when this was recorded');
    return exchange.answer;
  }
}

/** One line a message: `> ` command, `< ` answer, `!` where none came. */
export function formatRecording(exchanges: readonly RecordedExchange[]): string {
  return exchanges
    .map(({ command, answer }) => `> ${toHex(command)}\n${answer ? `< ${toHex(answer)}` : '!'}\n`)
    .join('');
}

/** Reads what {@link formatRecording} writes. @throws RangeError with the line number */
export function parseRecording(text: string): RecordedExchange[] {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length % 2 !== 0) throw new RangeError('the recording ends with a command');
  return Array.from({ length: lines.length / 2 }, (_, i) => {
    const [command = '', answer = ''] = lines.slice(2 * i, 2 * i + 2);
    if (!command.startsWith('> ')) throw new RangeError(`line ${2 * i + 1} is no command`);
    if (!answer.startsWith('< ') && answer !== '!') throw new RangeError(`line ${2 * i + 2} is no answer`);
    return { command: fromHex(command.slice(2)), answer: answer === '!' ? undefined : fromHex(answer.slice(2)) };
  });
}
