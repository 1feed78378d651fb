/** One installation with its terminals, or an issuer under load, on a thread of its own. */
import { serve } from '../workers.js';
import { killIssuer } from './issuer.js';
import { Victims } from './victims.js';
import type { Fates } from './victims.js';

export type Job =
  | { readonly what: 'issuer'; readonly seed: number; readonly kills: number }
  /** @see Victims; until is in milliseconds since the epoch. */
  | { readonly what: 'terminals'; readonly seed: string; readonly until: number };

export interface Told {
  readonly done: number;
  readonly at: string;
}

export interface Suffered {
  readonly what: Job['what'];
  readonly done: number;
  /** Of terminals. */
  readonly fates?: Fates;
  readonly combined: number;
  readonly wrong?: { readonly message: string; readonly story: readonly string[] };
}

serve<Job, Told, Suffered>((job, tell) => (job.what === 'issuer' ? issuer(job, tell) : terminals(job, tell)));

async function issuer(
  { seed, kills }: Extract<Job, { what: 'issuer' }>,
  tell: (told: Told) => void,
): Promise<Suffered> {
  let done = 0;
  const suffered = (): Suffered => ({ what: 'issuer', done, combined: 0 });
  try {
    await killIssuer(kills, seed, (struck) => tell({ done: (done = struck), at: 'the issuer under load' }));
    return suffered();
  } catch (error) {
    return { ...suffered(), wrong: { message: messageOf(error), story: ['the issuer is killed under load'] } };
  }
}

async function terminals(
  { seed, until }: Extract<Job, { what: 'terminals' }>,
  tell: (told: Told) => void,
): Promise<Suffered> {
  const victims = new Victims(seed);
  let done = 0;
  const suffered = (): Suffered => ({ what: 'terminals', done, fates: victims.fates, combined: victims.combined });
  try {
    await victims.prepare();
    do {
      tell({ done, at: victims.plan() });
      done += await victims.suffer();
    } while (Date.now() < until);
    return suffered();
  } catch (error) {
    return { ...suffered(), wrong: { message: messageOf(error), story: victims.history } };
  } finally {
    await victims.close();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
