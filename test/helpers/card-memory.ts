/** What stands in a simulated card's memory, read from the text of its persistent state: no terminal has to ask. */
import { purseSlots } from '../../host/protocol/generated/parameters.js';

/** Balance of each slot in minor units: behind NT in the running figures. @throws Error when the card keeps them elsewhere than it used to */
export function balancesIn(text: string): number[] {
  const figures = /\.memory\.stored = [0-9A-F]{8}([0-9A-F]+)$/m.exec(text)?.[1];
  if (figures === undefined) throw new Error('the card keeps its figures elsewhere than it used to');
  return Array.from({ length: purseSlots }, (_, slot) => Number.parseInt(figures.slice(8 * slot, 8 * slot + 8), 16));
}

/** Has the card taken a block order? The second byte of its life cycle. @throws Error as {@link balancesIn} */
export function isOrderedBlockedIn(text: string): boolean {
  const flag = /\.lifeCycle\.data = [0-9A-F]{2}(0[01])/m.exec(text)?.[1];
  if (flag === undefined) throw new Error('the card keeps its life cycle elsewhere than it used to');
  return flag === '01';
}
