/** Comma-separated values (RFC 4180), strictly: every record has the fields of the first, and errors name the line. */

/** `message` is a sentence for a person. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

export interface CsvRecord {
  /** Line on which it begins, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** Empty lines are left out. @throws CsvError */
export function parseCsv(text: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let line = 1;
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const begin = line;
    const fields: string[] = [];
    for (;;) {
      const field = text[at] === '"' ? quoted(text, at, line) : plain(text, at, line);
      fields.push(field.value);
      line += field.lines;
      at = field.end;
      if (text[at] !== ',') break;
      at++;
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    if (at < text.length && text[at] !== '\n')
      throw new CsvError(line, `Line ${line}: a comma or a line's end is missing.`);
    at++;
    line++;
    if (fields.length > 1 || fields[0] !== '') records.push({ line: begin, fields });
  }
  return records;
}

interface Field {
  readonly value: string;
  readonly end: number;
  /** Line feeds inside. */
  readonly lines: number;
}

function plain(text: string, from: number, line: number): Field {
  let end = from;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++;
  const value = text.slice(from, text[end - 1] === '\r' && text[end] === '\n' ? end - 1 : end);
  if (value.includes('"'))
    throw new CsvError(line, `Line ${line}: a quotation mark inside a field that is not quoted.`);
  return { value: value.trim(), end: from + text.slice(from, end).replace(/\r$/, '').length, lines: 0 };
}

function quoted(text: string, from: number, line: number): Field {
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] !== '"') value += text[at] ?? '';
    else if (text[at + 1] === '"') {
      value += '"';
      at++;
    } else return { value, end: at + 1, lines: value.split('\n').length - 1 };
  }
  throw new CsvError(line, `Line ${line}: a quotation mark is not closed.`);
}

/** One record, quoted where it has to be. */
export function csvLine(fields: readonly string[]): string {
  return fields.map((field) => (/[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}
