/** Runs random histories, each with a seed of its own, so that any can be had again and a long look can be taken in pieces. */
import fc from 'fast-check';
import { openMemoryStore } from '../../../host/issuer/store/embedded.js';
import { openServerStore } from '../../../host/issuer/store/server.js';
import { SoftIssuer, testPolicy } from '../../helpers/soft-issuer.js';
import { step } from './steps.js';
import { World } from './world.js';

/** The processes of one issuer on a fresh store. */
export type Installation = () => Promise<readonly SoftIssuer[]>;

export const onPglite: Installation = async () => [await SoftIssuer.open(await openMemoryStore())];

/** Two processes, as far as the database can tell; there is one bank. @param freshDatabase gives the URL of a migrated database */
export function onServer(freshDatabase: () => Promise<string>): Installation {
  return async () => {
    const url = await freshDatabase();
    const first = await SoftIssuer.open(await openServerStore(url));
    return [first, await SoftIssuer.open(await openServerStore(url), testPolicy, first.bank)];
  };
}

/**
 * One history, from an empty store to the evening on which everything was handed in.
 *
 * @param length steps
 * @throws Error with seed and counterexample of fast-check where the books did not hold
 */
export async function runHistory(install: Installation, seed: number, length: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: length, maxLength: length }), async (history) => {
      const sites = await install();
      try {
        const world = await World.make(sites);
        for (const one of history) await world.perform(one);
        await world.finish();
      } finally {
        for (const site of sites) await site.close();
      }
    }),
    { numRuns: 1, seed, endOnFailure: true },
  );
}

/** @param seed of the first history, one more for each further one @returns steps taken */
export async function runHistories(
  install: Installation,
  seed: number,
  operations: number,
  length: number,
): Promise<number> {
  const histories = Math.ceil(operations / length);
  for (let i = 0; i < histories; i++) await runHistory(install, seed + i, length);
  return histories * length;
}
