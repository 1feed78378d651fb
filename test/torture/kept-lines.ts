/** What a long run did, a line for each, kept for the build it was done on: it may be ended at any time, and the next one goes on there. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface KeptLines {
  /** Fields of each line that was kept before. */
  readonly before: readonly (readonly string[])[];
  /** @param fields none of them with a tabulator or a line's end */
  readonly add: (fields: readonly (string | number)[]) => void;
}

/** Nothing yet, and nothing is kept. */
export const unkept: KeptLines = { before: [], add: () => undefined };

/**
 * Lines of other builds are passed over, and so is one that was cut short.
 *
 * @param build without one nothing is kept: it would be nobody's
 */
export function keptLines(root: string, build: string | undefined, campaign: string, seed: number): KeptLines {
  if (build === undefined) return unkept;
  const file = join(root, '.tools', 'campaigns', `${campaign}-${seed}.tsv`);
  mkdirSync(dirname(file), { recursive: true });
  return {
    before: linesOf(file).flatMap(([of, ...fields]) => (of === build ? [fields] : [])),
    add: (fields) => appendFileSync(file, `${[build, ...fields].join('\t')}\n`),
  };
}

function linesOf(file: string): string[][] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
}
