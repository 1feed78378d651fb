/** Histories for fast-check: it makes them, runs them beside the model, and cuts one that goes wrong down to what it takes. */
import fc from 'fast-check';
import type { Model } from './state.js';
import { perform } from './perform.js';
import { step, told } from './steps.js';
import type { Step } from './steps.js';
import type { World } from './world.js';

class Act implements fc.AsyncCommand<Model, World> {
  constructor(private readonly step: Step) {}

  check(): boolean {
    return true;
  }

  run(model: Model, world: World): Promise<void> {
    return perform(model, world, this.step);
  }

  toString(): string {
    return told(this.step);
  }
}

export type History = Iterable<fc.AsyncCommand<Model, World>>;

export function histories(length: number): fc.Arbitrary<History> {
  return fc.commands([step.map((each) => new Act(each))], { maxCommands: length, size: 'max' });
}
