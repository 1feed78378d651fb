/** Starts, kills and starts again the issuer's process of a home. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { IssuerOrders, IssuerQuestion, IssuerWord } from './home-issuer-child.js';
import { programs } from './programs.js';

type Word<Tell extends IssuerWord['tell']> = Extract<IssuerWord, { readonly tell: Tell }>;

export class HomeIssuer {
  #child: ChildProcess | undefined;
  #died: string | undefined;
  url = '';

  constructor(
    private readonly home: string,
    /** postgres://…; the embedded store without it. */
    private readonly database: string | undefined,
  ) {}

  /** @returns when it listens, at the same address as before */
  async start(): Promise<void> {
    const { issuer } = await programs();
    const child = fork(issuer, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let words = '';
    child.stderr?.on('data', (part: Buffer) => (words += part.toString()));
    const port = this.url === '' ? 0 : Number(new URL(this.url).port);
    const { database, home } = this;
    this.#died = undefined;
    child.on('message', (word: IssuerWord) => {
      if (word.tell === 'died') this.#died = word.step;
    });
    child.send({ home, port, ...(database === undefined ? {} : { database }) } satisfies IssuerOrders);
    this.url = (await wordOf(child, 'listening', () => words)).url;
    this.#child = child;
  }

  /** @param dieAt step, counted from now, that it does not survive; without one it survives all of them */
  async countSteps(dieAt?: number): Promise<void> {
    await this.#ask({ ask: 'steps', ...(dieAt === undefined ? {} : { dieAt }) }, 'steps');
  }

  /** Whoever has not died by now survives. @returns the step at which it died, where it did */
  async spare(): Promise<string | undefined> {
    try {
      if (this.isRunning) await this.countSteps();
    } catch (error) {
      // it may die with its terminal, and be seen to be dead a moment later
      if (this.#died === undefined) throw error;
    }
    return this.#died;
  }

  /** Names of the steps since {@link countSteps}. */
  async passed(): Promise<readonly string[]> {
    return (await this.#ask({ ask: 'passed' }, 'passed')).names;
  }

  /** What does not agree in the books. */
  async wrongBooks(): Promise<readonly string[]> {
    return (await this.#ask({ ask: 'books' }, 'books')).wrong;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  #ask<Tell extends IssuerWord['tell']>(question: IssuerQuestion, tell: Tell): Promise<Word<Tell>> {
    const child = this.#child;
    if (child === undefined) throw new Error('the issuer does not run');
    const answer = wordOf(child, tell, () => 'asked from outside');
    child.send(question, () => undefined);
    return answer;
  }
}

function wordOf<Tell extends IssuerWord['tell']>(
  child: ChildProcess,
  tell: Tell,
  words: () => string,
): Promise<Word<Tell>> {
  return new Promise((resolve, reject) => {
    const hear = (word: IssuerWord): void => {
      if (word.tell !== tell) return;
      child.off('message', hear).off('exit', end);
      resolve(word as Word<Tell>);
    };
    const end = (code: number | null): void => reject(new Error(`the issuer ended with ${code}: ${words()}`));
    child.on('message', hear).once('exit', end);
  });
}
