/** Explores one dialogue after the other, on a card of its own. */
import { allFlows } from '../../tear/flows/all.js';
import { randomPast } from '../../tear/past.js';
import { tearSource } from '../../tear/source.js';
import type { CardSource } from '../../tear/stage.js';
import { serve } from '../workers.js';
import { Exploration } from './exploration.js';
import type { Explored } from './explored.js';

export interface Job {
  /** Name of the dialogue. */
  readonly dialogue: string;
  /** Seed of what the card has lived through; undefined for the usual two loads. */
  readonly past: string | undefined;
  /** So many cuts in a row. */
  readonly deepest: number;
  /** When to end, in milliseconds since the epoch. */
  readonly until: number;
}

export interface Told {
  /** So far, in this dialogue. */
  readonly cuts: number;
  readonly at: string;
}

/** Between two reports, in milliseconds. */
const pause = 250;

serve<Job, Told, Explored>(async ({ dialogue, past, deepest, until }, tell) => {
  const source: CardSource = past === undefined ? tearSource : { ...tearSource, past: randomPast(past) };
  const flow = allFlows(source).find(({ name }) => name === dialogue);
  if (flow === undefined) throw new Error(`there is no dialogue "${dialogue}"`);
  const exploration = new Exploration(flow, deepest);
  let last = Date.now();
  await exploration.exhaust(
    () => Date.now() >= until,
    () => {
      if (Date.now() < last + pause) return;
      last = Date.now();
      tell({ cuts: exploration.cuts, at: dialogue });
    },
  );
  return past === undefined ? exploration.explored : { ...exploration.explored, past };
});
