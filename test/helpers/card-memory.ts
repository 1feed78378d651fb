/** What stands in a simulated card's memory, read from the text of its persistent state: no terminal has to ask. */
import { purseSlots } from '../../host/protocol/generated/parameters.js';

/** Balance of each slot in minor units: behind NT in the running figures. @throws Error when the card keeps them elsewhere than it used to */
export function balancesIn(text: string): number[] {
  const figures = /\.memory\.stored = [0-9A-F]{8}([0-9A-F]+)$/m.exec(text)?.[1];
  if (figures === undefined) throw new Error('the card keeps its figures elsewhere than it used to');
  return Array.from({ length: purseSlots }, (_, slot) => Number.parseInt(figures.slice(8 * slot, 8 * slot + 8), 16));
}
