/** A list of holders to be given cards, one a line, and how far the desk has come with it. Survives the program and the power. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { readIfThere, replaceFile } from '../terminal/files.js';
import { Failure } from '../terminal/outcome.js';

export interface BatchHolder {
  /** Line in the file, from 1. */
  readonly line: number;
  readonly holder: string;
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
  const holders = text
    .split(/\r?\n/)
    .map((line, index) => ({ line: index + 1, holder: line.trim() }))
    .filter(({ holder }) => holder !== '' && !holder.startsWith('#'));
  const bad = holders.find(({ holder }) => holder.length > longestName || /\p{Cc}/u.test(holder));
  if (bad !== undefined)
    throw new Failure('usage', `Line ${bad.line} of ${path} is no name.`, {
      next: `A name has at most ${longestName} characters.`,
    });
  if (holders.length === 0)
    throw new Failure('usage', `The list ${path} names nobody.`, { next: 'Write one name a line.' });
  return holders;
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
    const digest = createHash('sha256').update(JSON.stringify(holders)).digest('hex').slice(0, 16);
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
