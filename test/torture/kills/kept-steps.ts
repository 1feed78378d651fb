/** Steps that were reached, kept for a long run that is taken in pieces. */
import { keptLines } from '../kept-lines.js';
import type { KeptLines } from '../kept-lines.js';
import type { ReachedStep, Side } from './coverage.js';

export class KeptSteps {
  /** Reached in earlier pieces, each once. */
  readonly before: readonly ReachedStep[];

  constructor(private readonly lines: KeptLines) {
    this.before = lines.before.flatMap(stepIn);
  }

  /** @param build without one nothing is kept */
  static of(root: string, build: string | undefined, seed: number): KeptSteps {
    return new KeptSteps(keptLines(root, build, 'kills', seed));
  }

  add({ side, task, place, of, name }: ReachedStep): void {
    this.lines.add([side, task, place, of, name]);
  }
}

/** None, where the line is something else. */
function stepIn([side = '', task = '', place = '', of = '', name, ...rest]: readonly string[]): ReachedStep[] {
  const isWhole = /^(terminal|issuer)$/.test(side) && [place, of].every((number) => /^\d+$/.test(number));
  if (!isWhole || name === undefined || rest.length > 0) return [];
  return [{ side: side as Side, task, place: Number(place), of: Number(of), name }];
}
