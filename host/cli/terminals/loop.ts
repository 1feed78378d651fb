/**
 * The loop of a terminal: what is wanted, a card, its removal, and again, until q, the end of input or Ctrl-C. However it
 * ends, it says what was done and what is still open; open is what the terminal's files say, not what the loop remembers.
 */
import { isReaderError } from '../../readers/reader.js';
import { counted } from '../../terminal/counted.js';
import { Failure } from '../../terminal/outcome.js';
import type { Fields } from '../output.js';
import { isCardTrouble } from './counter.js';
import type { Counter } from './counter.js';

/** What a loop needs of the place it runs at. */
export type LoopCounter = Pick<Counter, 'out' | 'signal' | 'cardRemoved'>;

export interface TerminalLoop<Task> {
  /** What the next person wants: `end` ends the loop, undefined asks again. */
  wanted(): Promise<Task | 'end' | undefined>;
  /** One visit of a card, told on the way. @returns whether it did what was wanted */
  visit(task: Task): Promise<boolean>;
  /** Transactions of this terminal whose end nobody knows. */
  open(): number;
  /** How an end with an open transaction is told. */
  readonly whenOpen: { readonly code: 'outcome-unknown' | 'load-unresolved'; readonly next: string };
  readonly takeCard: string;
  readonly cardForgotten: string;
}

/**
 * @throws Failure `whenOpen` where it ends with transactions that it left open; any other where it cannot go on: what was told
 *   of earlier customers stands
 */
export async function terminalLoop<Task>(counter: LoopCounter, loop: TerminalLoop<Task>): Promise<Fields> {
  const before = loop.open();
  let served = 0;
  try {
    for (let task = await loop.wanted(); task !== 'end'; task = await loop.wanted()) {
      if (task === undefined) continue;
      if (await visited(counter, loop, task)) served++;
    }
  } catch (error) {
    if (!isInterrupted(error)) throw error;
  }
  const open = Math.max(0, loop.open() - before);
  const interrupted = counter.signal.aborted;
  const end = `${interrupted ? 'Interrupted' : 'Ended'}: ${counted(served, 'customer')} served`;
  if (open > 0) {
    const { code, next } = loop.whenOpen;
    throw new Failure(code, `${end}, ${counted(open, 'transaction')} left open.`, { next });
  }
  counter.out.say(`${end}, nothing left open.`);
  return { served, interrupted };
}

async function visited<Task>(counter: LoopCounter, loop: TerminalLoop<Task>, task: Task): Promise<boolean> {
  const { out } = counter;
  let done: boolean;
  try {
    done = await loop.visit(task);
  } catch (error) {
    if (!isCardTrouble(error)) throw error;
    out.say(`${error.message} ${error.next}`);
    return false;
  }
  try {
    out.say(loop.takeCard);
    await counter.cardRemoved(() => out.say(`\u0007${loop.cardForgotten}`));
  } catch (error) {
    // the customer was served, and counts; the reader's failure meets the next one, of whom nothing has moved yet
    if (!isReaderError(error) && !isInterrupted(error)) throw error;
    if (isReaderError(error)) out.say(`${error.message} What was done with this card stands.`);
  }
  return done;
}

function isInterrupted(error: unknown): boolean {
  return error instanceof Failure && error.code === 'interrupted';
}
