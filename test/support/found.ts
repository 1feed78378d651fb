/** docs/found.md as data: the bugs that tests, campaigns and people found on the way, each with the test that keeps it from coming back. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Found {
  /** In the words of CHANGELOG.md. */
  readonly bug: string;
  /** What came upon it: a campaign, a kind of test, or somebody who tried. */
  readonly by: string;
  /** The regression test: its file, relative to the project's folder, and its name or a part of it. */
  readonly file: string;
  readonly test: string;
}

/** @throws Error for a row that is not `| bug | by | \`file\`: test |` */
export function readFound(root: string): Found[] {
  const lines = readFileSync(join(root, 'docs', 'found.md'), 'utf8').split('\n');
  const rows = lines.filter((line) => line.startsWith('| ') && !/^\| (bug|---)/.test(line));
  if (rows.length === 0) throw new Error('docs/found.md has no table.');
  return rows.map((row) => {
    const [, bug, by, file, test] = /^\| (.+) \| (.+) \| `([^`]+)`: (.+) \|$/.exec(row) ?? [];
    if (bug === undefined || by === undefined || file === undefined || test === undefined)
      throw new Error(`docs/found.md: not a bug with its test: ${row}`);
    return { bug, by, file, test };
  });
}

/** How many came from where, the most first. */
export function foundBy(found: readonly Found[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { by } of found) counts.set(by, (counts.get(by) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** In a sentence. */
export function foundInWords(found: readonly Found[]): string {
  const sources = foundBy(found).map(([by, count]) => `${count} by ${by}`);
  return `${found.length} bugs found and fixed on the way (${sources.join(', ')}), each with a test that keeps it from coming back: docs/found.md`;
}
