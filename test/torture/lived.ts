/** Which histories were lived through, kept for the build they were lived on: a line for each, so that a run may be ended at any time. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Database = 'PGlite' | 'PostgreSQL';

interface History {
  readonly database: Database;
  readonly seed: number;
  readonly steps: number;
}

export class Lived {
  private constructor(
    private readonly histories: History[],
    private readonly keep: (history: History) => void,
  ) {}

  /** Nothing yet, and nothing is kept. */
  static afresh(): Lived {
    return new Lived([], () => undefined);
  }

  /** @param build without one nothing is kept: it would be nobody's */
  static of(root: string, build: string | undefined, campaign: string, seed: number): Lived {
    if (build === undefined) return Lived.afresh();
    const file = join(root, '.tools', 'campaigns', `${campaign}-${seed}.tsv`);
    mkdirSync(dirname(file), { recursive: true });
    return new Lived(read(file, build), ({ database, seed: one, steps }) =>
      appendFileSync(file, `${build}\t${database}\t${one}\t${steps}\n`),
    );
  }

  has(database: Database, seed: number): boolean {
    return this.histories.some((one) => one.database === database && one.seed === seed);
  }

  add(database: Database, seed: number, steps: number): void {
    const history = { database, seed, steps };
    this.keep(history);
    this.histories.push(history);
  }

  get count(): number {
    return this.histories.length;
  }

  get steps(): number {
    return this.histories.reduce((sum, { steps }) => sum + steps, 0);
  }

  /** Steps on each. */
  perDatabase(): [Database, number][] {
    const sums = new Map<Database, number>();
    for (const { database, steps } of this.histories) sums.set(database, (sums.get(database) ?? 0) + steps);
    return [...sums];
  }
}

/** Lines of other builds, and one that was cut short, are passed over. */
function read(file: string, build: string): History[] {
  if (!existsSync(file)) return [];
  const line = /^([0-9a-f]+)\t(PGlite|PostgreSQL)\t(\d+)\t(\d+)$/;
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => {
      const [, of, database, seed, steps] = line.exec(text) ?? [];
      if (of !== build) return [];
      return [{ database: database as Database, seed: Number(seed), steps: Number(steps) }];
    });
}
