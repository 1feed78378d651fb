/** One installation with its processes, or an issuer under load, on a thread of its own. */
import { givePrograms } from '../../survival/stage/programs.js';
import type { Programs } from '../../survival/stage/programs.js';
import { serve } from '../workers.js';
import type { Reached, ReachedStep } from './coverage.js';
import { killIssuer } from './issuer.js';
import { Victims } from './victims.js';
import type { Fates, Share } from './victims.js';

export type Job =
  | { readonly what: 'issuer'; readonly seed: number; readonly kills: number }
  /** @see Victims; until is in milliseconds since the epoch. */
  | {
      readonly what: 'installation';
      readonly seed: string;
      readonly share: Share;
      readonly until: number;
      readonly programs: Programs;
      /** postgres://…; the embedded store without it. */
      readonly database?: string;
    };

export interface Told {
  readonly done: number;
  readonly at: string;
  /** It was not reached before. */
  readonly reached?: ReachedStep;
}

export interface Suffered {
  readonly what: Job['what'];
  /** SIGKILLs. */
  readonly done: number;
  /** Of an installation. */
  readonly fates?: Fates;
  readonly reached: readonly Reached[];
  /** Paths of requests that arrived after later ones. */
  readonly late: readonly string[];
  readonly wrong?: { readonly message: string; readonly story: readonly string[] };
}

serve<Job, Told, Suffered>((job, tell) => (job.what === 'issuer' ? issuer(job, tell) : installation(job, tell)));

async function issuer(
  { seed, kills }: Extract<Job, { what: 'issuer' }>,
  tell: (told: Told) => void,
): Promise<Suffered> {
  let done = 0;
  const suffered = (): Suffered => ({ what: 'issuer', done, reached: [], late: [] });
  try {
    await killIssuer(kills, seed, (struck) => tell({ done: (done = struck), at: 'the issuer under load' }));
    return suffered();
  } catch (error) {
    return { ...suffered(), wrong: { message: messageOf(error), story: ['the issuer is killed under load'] } };
  }
}

async function installation(
  { seed, share, until, programs, database }: Extract<Job, { what: 'installation' }>,
  tell: (told: Told) => void,
): Promise<Suffered> {
  givePrograms(programs);
  const victims = new Victims(seed, share, database, (reached) => {
    tell({ done: victims.kills, at: reached.task, reached });
  });
  const suffered = (): Suffered => ({
    ...{ what: 'installation', done: victims.kills },
    ...{ fates: victims.fates, reached: victims.coverage.reached, late: victims.late },
  });
  try {
    await victims.prepare();
    while (Date.now() < until && !victims.isDone) await victims.suffer((at) => tell({ done: victims.kills, at }));
    await victims.end();
    return suffered();
  } catch (error) {
    return { ...suffered(), wrong: { message: messageOf(error), story: victims.history.slice(-lastLines) } };
  } finally {
    await victims.close();
  }
}

/** Of a history that went wrong. */
const lastLines = 35;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
