/** For a terminal: columns padded to their widest cell. */
import { alignsRight, textOf } from './document.js';
import type { ReportDocument, Table } from './document.js';

export function renderText({ title, subtitle, tables }: ReportDocument): string {
  return [title, subtitle, ...tables.flatMap((table) => ['', ...tableLines(table)])].join('\n') + '\n';
}

function tableLines(table: Table): string[] {
  if (table.rows.length === 0) return [table.title, `  ${table.empty}`];
  const lines = [[...table.columns], ...table.rows.map((row) => row.map(textOf))];
  const widths = table.columns.map((_, i) => Math.max(...lines.map((line) => [...(line[i] ?? '')].length)));
  const padded = lines.map((line) =>
    line.map((cell, i) => (alignsRight(table, i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))),
  );
  const note = table.note === undefined ? [] : [`  ${table.note}`];
  return [table.title, ...padded.map((line) => `  ${line.join('  ')}`.trimEnd()), ...note];
}
