// The matrix as one table for each life-cycle state.
import { type Cell, matrix, type Row } from '../matrix.js';
import { LIFE_CYCLES, type Spec } from '../model.js';
import { hex } from '../names.js';
import { blocks, table, title } from './markdown.js';

export function matrixChapter(spec: Spec): string {
  const rows = matrix(spec);
  return blocks(
    'What the guard answers to a command in its own class with a right MAC. ✓ = passes, later checks may still refuse; otherwise status word and reason; ' +
      '**bold** = in clear, and the session ends. PRESENT CERTIFICATE and OPEN SESSION RESUMED: by the role of certificate or pair where that matters. ' +
      `SELECT is always answered. A plain command (80) that should be protected gets **${word(spec, 'smMissing')}** everywhere; ` +
      `a protected command (84) **${word(spec, 'securityStatus')}** where there are no keys. Tests walk every cell of [matrix.json](../apdu-specs/generated/matrix.json).`,
    ...LIFE_CYCLES.map((lifeCycle) =>
      blocks(
        `### Card ${lifeCycle}`,
        lifeCycleTable(
          spec,
          rows.filter((row) => row.lifeCycle === lifeCycle),
        ),
      ),
    ),
  );
}

function lifeCycleTable(spec: Spec, rows: readonly Row[]): string {
  const reachable = rows.filter((row) => 'cells' in row);
  const commands = spec.commands.filter(({ protection }) => protection !== 'select');
  const body = commands.map(({ name, protection }) => [
    title(name),
    ...reachable.map(({ cells }) =>
      summary(
        spec,
        cells.filter((cell) => cell.command === name && cell.class === protection),
      ),
    ),
  ]);
  const missing = [...new Set(rows.flatMap((row) => ('unreachable' in row ? [row.unreachable] : [])))].map(
    (why) => `- ${why}`,
  );
  return blocks(
    table(
      [
        'command',
        ...reachable.map(({ session, role }) =>
          role === undefined || session === 'raw' ? session : `${session} ${role.toUpperCase()}`,
        ),
      ],
      body,
    ),
    missing.length === 0 ? undefined : `Not there, because:\n\n${missing.join('\n')}`,
  );
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
