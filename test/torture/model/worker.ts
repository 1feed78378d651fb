/** Lives through one day after the other, with a simulator of its own. */
import { serve } from '../workers.js';
import { day } from './day.js';
import type { Day, WentWrong } from './day.js';

export type Job = Omit<Day, 'posMaker'>;

/** What came of a day. */
export interface Lasted {
  readonly job: Job;
  readonly operations: number;
  readonly wrong: WentWrong | undefined;
}

serve<Job, number, Lasted>(async (job, tell) => {
  let operations = 0;
  const wrong = await day(job, () => tell(++operations));
  return { job, operations, wrong };
});
