/**
 * CSV after RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe in front (CWE-1236); numbers below zero
 * are numbers and keep their sign.
 */
import { textOf } from './document.js';
import type { ReportDocument } from './document.js';

export function csvLine(cells: readonly string[]): string {
  return cells.map(csvCell).join(',');
}

/** @returns one cell, quoted where it has to be */
export function csvCell(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?( [A-Z]{3})?$/.test(text);
  const safe = !isNumber && /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Tables one below the other, a line with the title before each. */
export function renderCsv({ title, subtitle, tables }: ReportDocument): string {
  const lines = tables.flatMap((table) => [
    '',
    csvLine([table.title]),
    csvLine(table.columns),
    ...table.rows.map((row) => csvLine(row.map(textOf))),
  ]);
  return [csvLine([title, subtitle]), ...lines].map((line) => `${line}\r\n`).join('');
}
