/** The keys of a terminal: lines, and PINs that are not shown. Works on a console and on a pipe. */
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { Writable } from 'node:stream';

/** Why no line came. */
export type NoLine = 'ended' | 'idle' | 'interrupted';

export interface KeyboardOptions {
  readonly input?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output?: NodeJS.WritableStream;
}

export class Keyboard {
  readonly #lines: Interface;
  readonly #output: NodeJS.WritableStream;
  readonly #waiting: string[] = [];
  #take: ((line: string) => void) | undefined;
  #interruptListener: () => void = () => undefined;
  #state: 'open' | 'ended' | 'interrupted' = 'open';
  #hidden = false;

  constructor({ input = process.stdin, output = process.stdout }: KeyboardOptions = {}) {
    this.#output = output;
    const echo = new Writable({
      write: (chunk: Uint8Array, _encoding, done) => {
        if (!this.#hidden) output.write(chunk);
        done();
      },
    });
    this.#lines = createInterface({ input, output: echo, terminal: input.isTTY === true });
    this.#lines.on('line', (line) => (this.#take === undefined ? this.#waiting.push(line) : this.#answer(line)));
    this.#lines.on('SIGINT', () => {
      this.#end('interrupted');
      this.#interruptListener();
      this.#lines.close(); // leaves raw mode: a second Ctrl-C is a signal again
    });
    this.#lines.on('close', () => this.#end('ended'));
  }

  /** True once Ctrl-C was pressed. */
  get interrupted(): boolean {
    return this.#state === 'interrupted';
  }

  /** Hears of Ctrl-C, which a console in raw mode does not turn into a signal. */
  onInterrupt(listener: () => void): void {
    this.#interruptListener = listener;
  }

  /** @param idle milliseconds to wait; for ever without */
  async line(prompt: string, idle?: number): Promise<{ readonly line: string } | { readonly none: NoLine }> {
    const early = this.#waiting.shift();
    if (early !== undefined) return { line: early };
    if (this.#state !== 'open') return { none: this.#state };
    this.#output.write(prompt);
    return new Promise((resolve) => {
      const timer = idle === undefined ? undefined : setTimeout(() => this.#giveUp(settle), idle);
      const settle = (result: { line: string } | { none: NoLine }): void => {
        clearTimeout(timer);
        this.#take = undefined;
        resolve(result);
      };
      this.#take = (line) => settle(this.#state === 'open' ? { line } : { none: this.#state });
    });
  }

  /** A line that is not shown while it is typed. */
  async secret(prompt: string, idle?: number): Promise<{ readonly line: string } | { readonly none: NoLine }> {
    const asked = this.line(prompt, idle);
    this.#hidden = true;
    try {
      return await asked;
    } finally {
      this.#hidden = false;
      this.#output.write('\n');
    }
  }

  close(): void {
    this.#lines.close();
  }

  /** What somebody typed and left there is no beginning of what the next one types, nor shown to him. */
  #giveUp(settle: (result: { none: NoLine }) => void): void {
    const hidden = this.#hidden;
    this.#hidden = true;
    this.#lines.write(null, { ctrl: true, name: 'e' });
    this.#lines.write(null, { ctrl: true, name: 'u' });
    this.#hidden = hidden;
    settle({ none: 'idle' });
  }

  #answer(line: string): void {
    this.#take?.(line);
  }

  #end(why: 'ended' | 'interrupted'): void {
    if (this.#state !== 'open') return;
    this.#state = why;
    this.#take?.('');
  }
}
