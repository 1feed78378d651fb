/** An issuer under load that is struck down again and again; then what is left is compared with what was acknowledged. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { Store } from '../../host/issuer/store/database.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';
import { compare } from './compare.js';
import { IssuerProcess } from './issuer-process.js';
import { Traffic } from './traffic.js';

const workers = 4;

export type Strike = (issuer: IssuerProcess, traffic: Traffic) => Promise<void>;

export interface Ordeal {
  /** Folder of an embedded store, or the address of a server's database. */
  readonly place: string;
  readonly open: () => Promise<Store>;
  readonly strike: Strike;
  readonly kills: number;
  readonly seed: number;
  /** Whoever sees to it that no process is left. */
  readonly running: IssuerProcess[];
}

/** SIGKILL, and a start on the same store. */
export const again: Strike = async (issuer) => {
  await issuer.kill();
  await issuer.start();
};

/** Load, with strikes at random moments. @throws AssertionError where something acknowledged is missing, or there twice */
export async function survive({ place, open, strike, kills, seed, running }: Ordeal): Promise<void> {
  const issuer = new IssuerProcess(place, workers);
  running.push(issuer);
  await issuer.start();
  const traffic = new Traffic(issuer, workers, seed);
  await traffic.issueCards();
  const work = traffic.work();
  // a failure of the work ends the test at once, not after all strikes
  const strikes = (async () => {
    for (let i = 0; i < kills; i++) {
      await pause(200 + traffic.pick(1500));
      await strike(issuer, traffic);
      expect(issuer.running, 'the issuer runs').to.equal(true);
    }
    await pause(300);
    traffic.stop();
  })();
  await Promise.all([work, strikes]);
  await traffic.askAgain();
  await issuer.kill();
  const site = await SoftIssuer.open(await open());
  try {
    await compare(site, traffic, workers);
  } finally {
    await site.close();
  }
}
