/** Keyset paging: a cursor names the last row shown, so that pages neither repeat nor skip while the books grow. */
import type { Part } from '../views/common.js';
import { rejected } from '../../service/context.js';

export const defaultLimit = 50;
export const mostRows = 500;

export interface Paging {
  /** `next` of the part before. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

export function limitOf({ limit = defaultLimit }: Paging): number {
  return Math.min(Math.max(1, limit), mostRows);
}

/** @param rows one more than asked for, where there is more */
export function partOf<Row, View>(
  rows: readonly Row[],
  paging: Paging,
  view: (row: Row) => View,
  cursor: (row: Row) => readonly (string | number | bigint)[],
): Part<View> {
  const shown = rows.slice(0, limitOf(paging));
  const last = shown.at(-1);
  const more = rows.length > shown.length && last !== undefined;
  return { rows: shown.map(view), next: more ? cursor(last).join('~') : null };
}

/** Reads a cursor of `fields` parts; undefined for the first page. @throws IssuerError rejected */
export function cursorOf({ after }: Paging, fields: number): readonly string[] | undefined {
  if (after === undefined || after === '') return undefined;
  const parts = after.split('~');
  if (parts.length !== fields) throw rejected('The cursor is not one of this list.');
  return parts;
}

/** @throws IssuerError rejected */
export function wholeNumber(text: string | undefined): bigint {
  if (text === undefined || !/^-?\d{1,18}$/.test(text)) throw rejected('The cursor is not one of this list.');
  return BigInt(text);
}

/** For a column of 16 bits or more. @throws IssuerError rejected */
export function smallNumber(text: string | undefined): number {
  const value = Number(wholeNumber(text));
  if (value < 0 || value > 0x7fff) throw rejected('The cursor is not one of this list.');
  return value;
}
