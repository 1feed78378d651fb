/** Where a command's words go: sentences for a person, or one JSON object a line for a script. */
import colours from 'picocolors';
import { moneySentence } from '../terminal/outcome.js';
import type { Failure } from '../terminal/outcome.js';

/** What JSON can hold; amounts are strings with their unit, so no number here is ever money. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export type Fields = Readonly<Record<string, Json>>;

export interface Sink {
  write(text: string): unknown;
}

export class Output {
  constructor(
    readonly json: boolean,
    private readonly out: Sink = process.stdout,
    private readonly err: Sink = process.stderr,
  ) {}

  /** A line for a person; a script gets nothing. */
  say(line = ''): void {
    if (!this.json) this.out.write(`${line}\n`);
  }

  /** A line for a script; a person gets nothing. */
  event(event: string, fields: Fields = {}): void {
    if (this.json) this.out.write(`${JSON.stringify({ event, ...fields })}\n`);
  }

  /** A warning for a person at the terminal, in both forms. */
  warn(line: string): void {
    this.err.write(`${colours.yellow('!')} ${line}\n`);
  }

  /** The last line of a command that did what it was asked. */
  done(event: string, fields: Fields): void {
    this.event(event, { ok: true, ...fields });
  }

  /** The last line of a command that did not: what happened, whether money moved, what to do next. */
  failed(event: string, failure: Failure): void {
    const { code, moneyMoved, message, next } = failure;
    this.event(event, { ok: false, code, moneyMoved, message, next });
    if (this.json) return;
    this.err.write(`${colours.red('✗')} ${message} ${moneySentence(moneyMoved)}\n`);
    this.err.write(`  ${next}\n`);
  }
}
