/** A list of holders to be given cards, a name or a record a line, and how far the desk has come with it. Survives the program and the power. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { fromHex, toHex } from '../protocol/codec/bytes.js';
import { CsvError, parseCsv } from '../protocol/codec/csv.js';
import { readIfThere, replaceFile } from '../terminal/files.js';
import { Failure } from '../terminal/outcome.js';

export interface BatchHolder {
  /** Line in the file, from 1. */
  readonly line: number;
  readonly holder: string;
  /** Raw card that the issuer assigned, 8 bytes; any without. */
  readonly serial?: Uint8Array;
  /** Lost card whose balance follows. */
  readonly replaces?: Uint8Array;
}

/** As the issuer keeps it. */
const longestName = 80;

const progressSchema = z.strictObject({ done: z.array(z.strictObject({ line: z.number().int(), card: z.string() })) });

/** @throws Failure file-missing, usage (a line that is no name, with its number) */
export function readHolders(path: string): readonly BatchHolder[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Failure('file-missing', `The list ${path} cannot be read.`, { next: 'It holds one name a line.', cause });
  }
  const holders = isRecords(text) ? recordsIn(path, text) : namesIn(text);
  const bad = holders.find(({ holder }) => holder === '' || holder.length > longestName || /\p{Cc}/u.test(holder));
  if (bad !== undefined)
    throw new Failure('usage', `Line ${bad.line} of ${path} is no name.`, {
      next: `A name has at most ${longestName} characters.`,
    });
  if (holders.length === 0)
    throw new Failure('usage', `The list ${path} names nobody.`, { next: 'Write one name a line.' });
  return holders;
}

function namesIn(text: string): BatchHolder[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ line: index + 1, holder: line.trim() }))
    .filter(({ holder }) => holder !== '' && !holder.startsWith('#'));
}

/** The list that `issuer card assign` writes; its heading tells it from plain names. */
function isRecords(text: string): boolean {
  return /^\uFEFF?(serial|holder|product|replaces)(,|\r?$)/m.test(text.split('\n', 1)[0] ?? '');
}

const columns = ['serial', 'holder', 'product', 'replaces'];

function recordsIn(path: string, text: string): BatchHolder[] {
  const [heading, ...records] = reading(path, () => parseCsv(text));
  const names = heading?.fields ?? [];
  const unknown = names.find((name) => !columns.includes(name));
  if (unknown !== undefined || !names.includes('holder'))
    throw new Failure('usage', `The heading of ${path} has ${unknown ?? 'no column holder'}.`, {
      next: `Its columns are ${columns.join(', ')}.`,
    });
  return records.map(({ line, fields }) => {
    if (fields.length !== names.length)
      throw new Failure('usage', `Line ${line} of ${path} has ${fields.length} fields, the heading ${names.length}.`);
    const at = (name: string): string => fields[names.indexOf(name)] ?? '';
    return { line, holder: at('holder'), ...idIn(path, line, 'serial', at), ...idIn(path, line, 'replaces', at) };
  });
}

function idIn(path: string, line: number, name: 'serial' | 'replaces', at: (name: string) => string): object {
  const text = at(name).toLowerCase();
  if (text === '') return {};
  if (!/^[0-9a-f]{16}$/.test(text))
    throw new Failure('usage', `Line ${line} of ${path}, ${name}: "${text}" is not 16 hexadecimal digits.`);
  return { [name]: fromHex(text) };
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new Failure('usage', `${path}: ${cause.message}`, { cause });
  }
}

/** Which lines of a list have their card. The same list is known again by its content. */
export class BatchProgress {
  readonly #done: { line: number; card: string }[];

  private constructor(
    private readonly file: string,
    done: readonly { line: number; card: string }[],
  ) {
    this.#done = [...done];
  }

  /** @param fileOf the desk's file for a list with this digest */
  static open(holders: readonly BatchHolder[], fileOf: (digest: string) => string): BatchProgress {
    const named = holders.map(({ line, holder, serial }) =>
      serial === undefined ? { line, holder } : { line, holder, serial: toHex(serial) },
    );
    const digest = createHash('sha256').update(JSON.stringify(named)).digest('hex').slice(0, 16);
    const file = fileOf(digest);
    const content = readIfThere(file);
    try {
      return new BatchProgress(
        file,
        content === undefined ? [] : progressSchema.parse(JSON.parse(new TextDecoder().decode(content))).done,
      );
    } catch (cause) {
      throw new Failure('keys-unreadable', `${file} was changed or damaged.`, {
        next: 'Restore it, or delete it to begin the list anew.',
        cause,
      });
    }
  }

  has({ line }: BatchHolder): boolean {
    return this.#done.some((done) => done.line === line);
  }

  note({ line }: BatchHolder, card: string): void {
    this.#done.push({ line, card });
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    replaceFile(this.file, `${JSON.stringify({ done: this.#done })}\n`);
  }
}
