/** Work on several threads, each with a simulator of its own: the campaign hands out jobs, one after the other, to whoever is free. */
import { availableParallelism } from 'node:os';
import { Worker, parentPort } from 'node:worker_threads';

type ToParent<Told, Result> =
  { readonly kind: 'told'; readonly told: Told } | { readonly kind: 'result'; readonly result: Result };

/** A simulator is a process of its own, and waits for its terminals as they wait for it: with one thread a core, all are busy. */
export const workerCount = Math.max(1, Math.min(4, availableParallelism()));

export interface Work<Job, Told, Result> {
  /** The worker's program, which calls {@link serve}. */
  readonly program: URL;
  /** Undefined when there is nothing more to do. */
  readonly next: () => Promise<Job | undefined>;
  /** Said on the way. @param worker from 0 */
  readonly hear: (told: Told, worker: number) => void;
  readonly take: (result: Result, worker: number) => void | Promise<void>;
}

/** @throws whatever a worker's program threw */
export async function onWorkers<Job, Told, Result>(work: Work<Job, Told, Result>, count = workerCount): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, number) => onWorker(work, number)));
}

async function onWorker<Job, Told, Result>(
  { program, next, hear, take }: Work<Job, Told, Result>,
  number: number,
): Promise<void> {
  const first = await next();
  if (first === undefined) return;
  const worker = new Worker(program);
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`a worker ended with ${code}`)));
      worker.on('message', (message: ToParent<Told, Result>) => {
        if (message.kind === 'told') {
          hear(message.told, number);
          return;
        }
        void goOn(message.result).catch(reject);
      });
      worker.postMessage(first);
      const goOn = async (result: Result): Promise<void> => {
        await take(result, number);
        const job = await next();
        if (job === undefined) resolve();
        else worker.postMessage(job);
      };
    });
  } finally {
    worker.removeAllListeners('exit');
    await worker.terminate();
  }
}

/** The worker's end. */
export function serve<Job, Told, Result>(perform: (job: Job, tell: (told: Told) => void) => Promise<Result>): void {
  const port = parentPort;
  if (port === null) throw new Error('this is no worker');
  const say = (message: ToParent<Told, Result>): void => port.postMessage(message);
  port.on('message', (job: Job) => {
    void perform(job, (told) => say({ kind: 'told', told })).then(
      (result) => say({ kind: 'result', result }),
      (error: unknown) => {
        // as an uncaught exception it ends the worker, and the campaign hears of it
        setImmediate(() => {
          throw error;
        });
      },
    );
  });
}
