// The matrix as one table for each life-cycle state.
import { type Cell, matrix, type Row } from '../matrix.js';
import { LIFE_CYCLES, type Spec } from '../model.js';
import { hex } from '../names.js';
import { blocks, table, title } from './markdown.js';

export function matrixChapter(spec: Spec): string {
  const rows = matrix(spec);
  return blocks(
    'What the guard answers to a command in its own class with a right MAC. ✓ = passes, later checks may still refuse; otherwise status word and reason; ' +
      '**bold** = in clear, and the session ends. Sessions that get the same answers share a column. PRESENT CERTIFICATE and OPEN SESSION RESUMED: by the role of certificate or pair where that matters. ' +
      `SELECT is always answered. A protected command sent in the plain class (80) gets **${word(spec, 'smMissing')}** everywhere. ` +
      'Tests walk every cell of [matrix.json](../apdu-specs/generated/matrix.json).',
    ...LIFE_CYCLES.map((lifeCycle) =>
      lifeCycleSection(
        spec,
        lifeCycle,
        rows.filter((row) => row.lifeCycle === lifeCycle),
      ),
    ),
  );
}

function lifeCycleSection(spec: Spec, lifeCycle: string, rows: readonly Row[]): string {
  const why = [...new Set(rows.flatMap((row) => ('unreachable' in row ? [row.unreachable] : [])))];
  return blocks(
    `### Card ${lifeCycle}`,
    stateTable(spec, rows, 'plain'),
    stateTable(spec, rows, 'protected'),
    why.length === 0 ? undefined : `Other sessions cannot be:\n\n${why.map((text) => `- ${text}`).join('\n')}`,
  );
}

/** Commands of one class down, sessions across; sessions with the same answers in one column. */
function stateTable(spec: Spec, rows: readonly Row[], protection: 'plain' | 'protected'): string {
  const commands = spec.commands.filter((command) => command.protection === protection);
  const columns = new Map<string, string[]>();
  for (const row of rows) {
    if (!('cells' in row)) continue;
    const own = (name: string): Cell[] =>
      row.cells.filter((cell) => cell.command === name && cell.class === protection);
    const answers = JSON.stringify(commands.map(({ name }) => summary(spec, own(name))));
    columns.set(answers, [...(columns.get(answers) ?? []), sessionTitle(row)]);
  }
  const answers = [...columns.keys()].map((column) => JSON.parse(column) as string[]);
  return table(
    ['command', ...[...columns.values()].map((sessions) => (columns.size === 1 ? 'any session' : sessions.join(', ')))],
    commands.map(({ name }, index) => [title(name), ...answers.map((column) => column[index] ?? '')]),
  );
}

function sessionTitle({ session, role }: Row): string {
  return role === undefined || session === 'raw' ? session : `${session} ${role.toUpperCase()}`;
}

function summary(spec: Spec, cells: readonly Cell[]): string {
  const texts = cells.map((cell) => ({ as: cell.as, text: expectation(spec, cell) }));
  const different = new Set(texts.map(({ text }) => text));
  if (different.size === 1) return texts[0]?.text ?? '';
  return texts.map(({ as, text }) => `${as?.toUpperCase() ?? ''} ${text}`).join(', ');
}

function expectation(spec: Spec, { expected }: Cell): string {
  if (expected.expect === 'ok') return '✓';
  const { sw, reason, where } = expected;
  const text = reason === 'none' ? word(spec, sw) : `${word(spec, sw)} ${reason}`;
  return where === 'clear' ? `**${text}**` : text;
}

function word({ statusWords }: Spec, name: string): string {
  return hex(statusWords.find((each) => each.name === name)?.sw ?? 0, 4);
}
