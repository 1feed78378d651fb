/** Attempts in a thread of their own, so that a parser that never comes back is ended and told, with the input it had. */
import { Worker } from 'node:worker_threads';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import type { Attempted } from './attempt.js';

export interface Attempt {
  /** Its name. */
  readonly parser: string;
  readonly seed: number;
  /** Inputs. */
  readonly runs: number;
}

/** What the thread is given: the attempt, and where it writes each input before it begins on it, behind its length in four bytes. */
export interface WatchedAttempt extends Attempt {
  readonly input: SharedArrayBuffer;
}

const longestInput = 65_536;

export class Watched {
  #worker: Worker | undefined;

  /**
   * @param program of the thread, which answers a {@link WatchedAttempt} with an {@link Attempted} (`serve` of `../workers.ts`)
   * @param patienceMs that an attempt may take
   */
  constructor(
    private readonly program: URL,
    private readonly patienceMs: number,
  ) {}

  /** @throws whatever the thread threw beside the parser */
  async attempt(attempt: Attempt): Promise<Attempted> {
    const worker = (this.#worker ??= new Worker(this.program));
    const input = new SharedArrayBuffer(longestInput);
    const answer = new Promise<Attempted>((resolve, reject) => {
      worker.once('message', ({ result }: { result: Attempted }) => resolve(result));
      worker.once('error', reject);
      worker.postMessage({ ...attempt, input } satisfies WatchedAttempt);
    });
    let late: NodeJS.Timeout | undefined;
    const hung = new Promise<undefined>((resolve) => (late = setTimeout(() => resolve(undefined), this.patienceMs)));
    try {
      return (await Promise.race([answer, hung])) ?? (await this.#broughtToAnEnd(input));
    } finally {
      clearTimeout(late);
      worker.removeAllListeners();
    }
  }

  async #broughtToAnEnd(input: SharedArrayBuffer): Promise<Attempted> {
    await this.end();
    const length = new DataView(input).getUint32(0);
    const bytes = new Uint8Array(input).slice(4, 4 + length);
    return { runs: 1, story: [`did not end within ${this.patienceMs} ms`, `bytes ${toHex(bytes)}`] };
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** In the thread: writes an input where the other side finds it. */
export function noteIn(input: SharedArrayBuffer, bytes: Uint8Array): void {
  const kept = bytes.subarray(0, longestInput - 4);
  new Uint8Array(input).set(kept, 4);
  new DataView(input).setUint32(0, kept.length);
}
