/** Runs random histories until enough steps were taken. */
import fc from 'fast-check';
import { openMemoryStore } from '../../../host/issuer/store/embedded.js';
import { openServerStore } from '../../../host/issuer/store/server.js';
import { SoftIssuer, testPolicy } from '../../helpers/soft-issuer.js';
import { freshDatabase } from '../../support/shared-postgres.js';
import { step } from './steps.js';
import { World } from './world.js';

/** EPURSE_SEED=… for other histories. */
export const seed = Number(process.env['EPURSE_SEED'] ?? 20_261_122);

/** The processes of one issuer on a fresh store. */
type Installation = () => Promise<readonly SoftIssuer[]>;

export const onPglite: Installation = async () => [await SoftIssuer.open(await openMemoryStore())];

/** Two processes, as far as the database can tell; there is one bank. */
export const onServer: Installation = async () => {
  const url = await freshDatabase();
  const first = await SoftIssuer.open(await openServerStore(url));
  return [first, await SoftIssuer.open(await openServerStore(url), testPolicy, first.bank)];
};

/** @returns steps taken; a failure names seed and path, with which fast-check repeats it */
export async function runHistories(install: Installation, operations: number, length: number): Promise<number> {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: length, maxLength: length }), async (history) => {
      const sites = await install();
      try {
        const world = await World.make(sites);
        for (const one of history) await world.perform(one);
        await world.finish();
        taken += history.length;
      } finally {
        for (const site of sites) await site.close();
      }
    }),
    { numRuns: Math.ceil(operations / length), seed, endOnFailure: true },
  );
  return taken;
}
