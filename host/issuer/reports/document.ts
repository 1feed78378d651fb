/** A report before it has a form: tables of text and amounts, rendered as text, CSV, HTML or PDF. */
import { formatMoney } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';

export type Cell = string | number | Money;

export interface Table {
  readonly title: string;
  /** Below the table; for whoever reads it without the docs. */
  readonly note?: string;
  readonly columns: readonly string[];
  /** As long as the columns each. */
  readonly rows: readonly (readonly Cell[])[];
  /** Said where there are no rows. */
  readonly empty: string;
}

export interface ReportDocument {
  readonly title: string;
  /** Scheme, date, number. */
  readonly subtitle: string;
  /** Seconds; what a file says of its making. */
  readonly at: number;
  readonly tables: readonly Table[];
}

export function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : typeof cell === 'number' ? String(cell) : formatMoney(cell);
}

/** Numbers and amounts stand to the right. */
export function isNumeric(cell: Cell): boolean {
  return typeof cell !== 'string';
}

/** Alignment of a column: by its first row. */
export function alignsRight({ rows }: Table, column: number): boolean {
  const [first] = rows;
  return first !== undefined && isNumeric(first[column] ?? '');
}
