/** Attempts in a thread of their own, so that a parser that never comes back is ended and told, with the input it had. */
import { once } from 'node:events';
import { Worker, parentPort } from 'node:worker_threads';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import type { Parser } from '../../helpers/parsers.js';
import { serve } from '../workers.js';
import { attempt } from './attempt.js';
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
   * @param program of the thread, which calls {@link serveAttempts}
   * @param patienceMs that an attempt may take
   */
  constructor(
    private readonly program: URL,
    private readonly patienceMs: number,
  ) {}

  /** @throws whatever the thread threw beside the parser */
  async attempt(attempt: Attempt): Promise<Attempted> {
    const worker = (this.#worker ??= await started(this.program));
    const input = new SharedArrayBuffer(longestInput);
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), this.patienceMs);
    const answer = once(worker, 'message', { signal: stop.signal });
    worker.postMessage({ ...attempt, input } satisfies WatchedAttempt);
    try {
      const [{ result }] = (await answer) as [{ readonly result: Attempted }];
      return result;
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      return await this.#broughtToAnEnd(input);
    } finally {
      clearTimeout(late);
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

/** A thread that has loaded its program: what that takes is no parser's fault. */
async function started(program: URL): Promise<Worker> {
  const worker = new Worker(program);
  await once(worker, 'message');
  return worker;
}

/** The thread's end. @throws whatever `parserNamed` throws, which ends the thread */
export function serveAttempts(parserNamed: (name: string) => Parser): void {
  serve<WatchedAttempt, never, Attempted>(({ parser, seed, runs, input }) =>
    Promise.resolve(attempt(parserNamed(parser), seed, runs, (bytes) => noteIn(input, bytes))),
  );
  // the first attempt of a thread takes seconds, whatever it is
  attempt({ name: 'nothing', throws: [], read: () => undefined, seeds: [Uint8Array.of(0)] }, 0, 1);
  parentPort?.postMessage('ready');
}

/** Writes an input where the other side finds it. */
function noteIn(input: SharedArrayBuffer, bytes: Uint8Array): void {
  const kept = bytes.subarray(0, longestInput - 4);
  new Uint8Array(input).set(kept, 4);
  new DataView(input).setUint32(0, kept.length);
}
