/** Which histories were lived through, so that a long look can be taken in pieces. */
import { keptLines, unkept } from './kept-lines.js';
import type { KeptLines } from './kept-lines.js';

export type Database = 'PGlite' | 'PostgreSQL';

interface History {
  readonly database: Database;
  readonly seed: number;
  readonly steps: number;
}

export class Lived {
  readonly #histories: History[];

  private constructor(private readonly lines: KeptLines) {
    // two runs at a time each live through histories that neither has written yet: such a one counts once
    const before = lines.before.flatMap(historyIn).map((one) => [`${one.database} ${one.seed}`, one] as const);
    this.#histories = [...new Map(before).values()];
  }

  /** Nothing yet, and nothing is kept. */
  static afresh(): Lived {
    return new Lived(unkept);
  }

  /** @param build without one nothing is kept */
  static of(root: string, build: string | undefined, campaign: string, seed: number): Lived {
    return new Lived(keptLines(root, build, campaign, seed));
  }

  has(database: Database, seed: number): boolean {
    return this.#histories.some((one) => one.database === database && one.seed === seed);
  }

  add(database: Database, seed: number, steps: number): void {
    this.lines.add([database, seed, steps]);
    this.#histories.push({ database, seed, steps });
  }

  get count(): number {
    return this.#histories.length;
  }

  get steps(): number {
    return this.#histories.reduce((sum, { steps }) => sum + steps, 0);
  }

  /** Steps on each. */
  perDatabase(): [Database, number][] {
    const sums = new Map<Database, number>();
    for (const { database, steps } of this.#histories) sums.set(database, (sums.get(database) ?? 0) + steps);
    return [...sums];
  }
}

/** None, where the line is something else. */
function historyIn([database = '', seed = '', steps = '', ...rest]: readonly string[]): History[] {
  if (database !== 'PGlite' && database !== 'PostgreSQL') return [];
  const isWhole = rest.length === 0 && [seed, steps].every((number) => /^\d+$/.test(number));
  return isWhole ? [{ database, seed: Number(seed), steps: Number(steps) }] : [];
}
