/** Each statement that the database of this process has done, `begin` and `commit` among them, on whichever database it is. */
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

type Query = (this: unknown, ...given: unknown[]) => unknown;

/** @param passed told of each, by its first word */
export function watchStatements(passed: (verb: string) => void): void {
  for (const prototype of [pg.Client.prototype, PGlite.prototype] as unknown as Record<'query', Query>[]) {
    const real = prototype.query;
    prototype.query = function (this: unknown, ...given) {
      const answer = real.apply(this, given);
      // COPY gives a stream, and no promise
      if (!(answer instanceof Promise)) return answer;
      return answer.then((rows: unknown) => {
        passed(verbOf(given[0]));
        return rows;
      });
    };
  }
}

function verbOf(statement: unknown): string {
  const text = typeof statement === 'string' ? statement : (statement as { text?: string }).text;
  return /\w+/.exec(text ?? '')?.[0] ?? 'statement';
}
