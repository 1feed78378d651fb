/** The order file: a heading that names its columns in any order, then an order a line. `holder` alone has to be there. */
import { CsvError, parseCsv } from '../../protocol/codec/csv.js';
import type { CardOrder } from './assign.js';

const columns = ['holder', 'holder_id', 'product', 'serial', 'replaces'] as const;
type Column = (typeof columns)[number];

/** @throws CsvError, naming line and field */
export function ordersIn(text: string): readonly CardOrder[] {
  const [heading, ...records] = parseCsv(text);
  if (heading === undefined) throw new CsvError(1, 'The file is empty.');
  const names = heading.fields.map((name) => columnNamed(name, heading.line));
  if (new Set(names).size !== names.length) throw new CsvError(heading.line, 'The heading names a column twice.');
  if (!names.includes('holder')) throw new CsvError(heading.line, 'The heading has no column "holder".');
  return records.map(({ line, fields }) => {
    if (fields.length !== names.length)
      throw new CsvError(line, `Line ${line} has ${fields.length} fields, the heading ${names.length}.`);
    const at = (name: Column): string => fields[names.indexOf(name)] ?? '';
    const hex = (name: Column): string => at(name).replace(/\s/g, '').toLowerCase();
    return {
      line,
      holder: at('holder').normalize('NFC').replace(/\s+/g, ' ').trim(),
      holderId: hex('holder_id'),
      product: at('product'),
      serial: hex('serial'),
      replaces: hex('replaces'),
    };
  });
}

function columnNamed(name: string, line: number): Column {
  const column = columns.find((one) => one === name.trim().toLowerCase());
  if (column !== undefined) return column;
  throw new CsvError(line, `The heading names a column "${name}"; there are ${columns.join(', ')}.`);
}
