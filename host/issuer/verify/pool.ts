/**
 * Checks signatures on all cores. A few are checked at once in this thread; many go to threads that start with the first such
 * call and end with the process. A key always goes to the same thread, which has it set up from the time before.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SignatureCheck } from '../../protocol/crypto/native.js';
import { SignatureChecker } from './checker.js';
import { packChecks } from './wire.js';
import type { VerifyResult, VerifyTask } from './wire.js';

export interface BulkVerifier {
  /** @returns verdicts in the same order */
  verify(checks: readonly SignatureCheck[]): Promise<readonly boolean[]>;
  /** Ends the threads; a later call starts them again. */
  close(): Promise<void>;
}

/** Fewer are done before a thread has been told of them. */
const worthThreads = 32;

/** @param threads default: one for each core */
export function bulkVerifier(threads = availableParallelism()): BulkVerifier {
  const checker = new SignatureChecker();
  let pool: VerifyThread[] = [];
  return {
    verify: async (checks) => {
      if (checks.length < worthThreads) return checks.map((check) => checker.holds(check));
      if (pool.length === 0) pool = Array.from({ length: threads }, () => new VerifyThread());
      return spread(pool, checks);
    },
    close: async () => {
      const ended = pool.map((thread) => thread.close());
      pool = [];
      await Promise.all(ended);
    },
  };
}

async function spread(pool: readonly VerifyThread[], checks: readonly SignatureCheck[]): Promise<boolean[]> {
  const shares = pool.map((): number[] => []);
  for (let i = 0; i < checks.length; i++) shares[(checks[i]?.point[0] ?? 0) % pool.length]?.push(i);
  const verdicts = new Array<boolean>(checks.length).fill(false);
  await Promise.all(
    pool.map(async (thread, n) => {
      const share = shares[n] ?? [];
      const results = await thread.verify(share.map((i) => checks[i] as SignatureCheck));
      for (let k = 0; k < share.length; k++) verdicts[share[k] as number] = results[k] === 1;
    }),
  );
  return verdicts;
}

interface Waiting {
  readonly resolve: (verdicts: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

class VerifyThread {
  private readonly worker = new Worker(new URL('./worker.js', import.meta.url));
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  constructor() {
    this.worker.on('message', ({ id, verdicts }: VerifyResult) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (this.waiting.size === 0) this.worker.unref();
      waiting?.resolve(verdicts);
    });
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('a verifying thread ended')));
    this.worker.unref();
  }

  verify(checks: readonly SignatureCheck[]): Promise<Uint8Array> {
    if (checks.length === 0) return Promise.resolve(new Uint8Array());
    const task: VerifyTask = { id: ++this.lastId, checks: packChecks(checks) };
    return new Promise((resolve, reject) => {
      this.waiting.set(task.id, { resolve, reject });
      this.worker.ref();
      this.worker.postMessage(task, [task.checks.buffer]);
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
