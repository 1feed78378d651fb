/** docs/requirements.md as data: the one table of ids, with what each means, how and where it is kept, and what attacks it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every id that there is: the functional and security requirements of the source design, and the properties of the purse. */
export const requirementIds: readonly string[] = [...numbered('R', 17), ...numbered('M', 12)];

function numbered(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
}

export interface Requirement {
  /** R1–R17, M1–M12. */
  readonly id: string;
  readonly what: string;
  readonly mechanism: string;
  /** Files and folders below the project's folder. */
  readonly places: readonly string[];
  readonly attack: string;
}

/** @throws Error where the table is not as the reader expects it: a row for each id, in order */
export function readRequirements(root: string): Requirement[] {
  const text = readFileSync(join(root, 'docs', 'requirements.md'), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| *[RM]\d+ *\|/.test(line));
  if (rows.length === 0) throw new Error('docs/requirements.md has no table of requirements.');
  const requirements = rows.map(requirementOf);
  const ids = requirements.map(({ id }) => id);
  if (ids.join() !== requirementIds.join())
    throw new Error(`docs/requirements.md has rows for ${ids.join(', ')}; it is to have ${requirementIds.join(', ')}.`);
  return requirements;
}

function requirementOf(row: string): Requirement {
  const [id, what, mechanism, where, attack, ...rest] = row
    .slice(1, row.lastIndexOf('|'))
    .split('|')
    .map((cell) => cell.trim());
  if (!id || !what || !mechanism || !where || !attack || rest.length > 0)
    throw new Error(`docs/requirements.md: the row of ${id ?? '?'} does not have five cells.`);
  return { id, what, mechanism, places: placesIn(where), attack };
}

/** Every `path` of a cell. */
function placesIn(where: string): string[] {
  return [...where.matchAll(/`([^`]+)`/g)].map(([, place = '']) => place);
}

const bracketed = /\[([RM]\d+(?:, ?[RM]\d+)*)\]/g;

/** The ids that a test's name carries, as `[R16]` or `[R3, M5]`. */
export function idsIn(testName: string): string[] {
  return [...testName.matchAll(bracketed)].flatMap(([, ids = '']) => ids.split(/, ?/));
}

export function carries(testName: string, id: string): boolean {
  return idsIn(testName).includes(id);
}
