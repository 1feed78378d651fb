/** Where a holder's sheet goes: to the file the clerk names, else onto the paper before her; for a script into the desk's own folder. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import type { Counter } from '../cli/terminals/counter.js';
import { toHex } from '../protocol/codec/bytes.js';
import { ownerOnly } from '../terminal/files.js';
import { Failure } from '../terminal/outcome.js';
import type { Station } from '../terminal/station.js';
import type { Fields } from './words.js';
import { sheetPage } from './sheet.js';
import type { HolderSheet } from './types.js';

/** Milliseconds a printer command may take. */
const printerPatience = 30_000;

export class SheetPrinter {
  #file: string | undefined;

  constructor(
    private readonly counter: Counter,
    private readonly station: Station,
  ) {}

  /** The file that has the sheets, for a script; PINs are in no output. */
  get fields(): Fields {
    return this.#file === undefined ? {} : { sheet: this.#file };
  }

  print(sheet: HolderSheet, lines: readonly string[]): void {
    const { printer, html } = this.counter.run.options as { printer?: string; html?: boolean };
    const text = html === true ? sheetPage(lines) : lines.join('\n');
    if (printer !== undefined) return this.#handTo(printer, text);
    const file = this.#fileFor(sheet);
    if (file === undefined) {
      for (const line of ['', ...text.split('\n'), '']) this.counter.out.say(line);
      return;
    }
    try {
      appendFileSync(file, `${text}\n\n`, { mode: ownerOnly });
    } catch (cause) {
      throw new Failure('home-unusable', `The sheet cannot be written to ${file}.`, {
        next: 'The card is personalized; give it a new PIN with ./epurse personalize pin-reset.',
        cause,
      });
    }
    this.#file = file;
    this.counter.out.say(`The holder’s sheet is in ${file}.`);
  }

  /** Through a pipe: neither a file nor an argument list ever has the PIN. */
  #handTo(printer: string, text: string): void {
    const { status, error } = spawnSync('/bin/sh', ['-c', printer], {
      input: `${text}\n`,
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: printerPatience,
    });
    if (status === 0) return this.counter.out.say('The holder’s sheet went to the printer.');
    throw new Failure('tool-failed', `The printer command failed${error === undefined ? '' : ` (${error.message})`}.`, {
      next: 'The card is personalized; give it a new PIN with ./epurse personalize pin-reset.',
      ...(error === undefined ? {} : { cause: error }),
    });
  }

  #fileFor({ cardId }: HolderSheet): string | undefined {
    const named: unknown = this.counter.run.options['sheet'];
    if (typeof named === 'string') return named;
    if (!this.counter.out.json) return undefined;
    mkdirSync(this.station.path('sheets'), { recursive: true, mode: 0o700 });
    return this.station.path('sheets', `${toHex(cardId)}.txt`);
  }
}
