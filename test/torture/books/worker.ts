/** Lives random histories of the issuer's books, one after the other. */
import { onPglite, onServer, runHistory } from '../../issuer/random/run.js';
import { serve } from '../workers.js';

export interface Job {
  readonly seed: number;
  /** Steps. */
  readonly length: number;
  /** A migrated database with nothing in it; undefined: embedded. */
  readonly url: string | undefined;
}

export interface Lasted {
  readonly job: Job;
  /** Where and how the books did not hold. */
  readonly wrong: string | undefined;
}

serve<Job, never, Lasted>(async (job) => {
  const { seed, length, url } = job;
  const wrong = await runHistory(
    url === undefined ? onPglite : onServer(() => Promise.resolve(url)),
    seed,
    length,
  ).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { job, wrong };
});
