/** The issuer's speed: signatures alone, and payments from the signed batch to the commit. */
import { availableParallelism } from 'node:os';
import { batchCodec } from '../../../host/protocol/generated/structures.js';
import type { SignedBatch } from '../../../host/protocol/issuer/port.js';
import { entriesOf } from '../../../host/issuer/service/batch-content.js';
import { checkProofs } from '../../../host/issuer/service/proofs.js';
import { verify } from '../../../host/issuer/jobs/verify.js';
import type { SoftIssuer } from '../../helpers/soft-issuer.js';
import { inFlight } from './in-flight.js';

/** The verify stage alone: batches decoded, keys looked up, every S3 checked; nothing is written. @returns payments a second */
export async function verifyStage(site: SoftIssuer, days: readonly (readonly SignedBatch[])[]): Promise<number> {
  const batches = days.flat();
  let checked = 0;
  const start = performance.now();
  await inFlight(availableParallelism() + 1, batches.length, async (i) => {
    const batch = batches[i];
    if (batch === undefined) return;
    const proofs = await checkProofs(site.issuer, entriesOf(batchCodec.decode(batch.batch)));
    for (const { holds } of proofs.values()) if (holds) checked++;
  });
  const rate = (checked / (performance.now() - start)) * 1000;
  return rate;
}

/** Every batch to its acknowledgement; one at a time of each shop, all shops at once. @returns payments a second */
export async function clearAll(
  site: SoftIssuer,
  days: readonly (readonly SignedBatch[])[],
  payments: number,
): Promise<number> {
  const start = performance.now();
  await Promise.all(
    days.map(async (batches) => {
      for (const batch of batches) await site.port.uploadBatch(batch);
    }),
  );
  const rate = (payments / (performance.now() - start)) * 1000;
  await checkBooks(site, payments);
  return rate;
}

/** What was measured was the whole work: every payment claimed, the books in balance, every chain unbroken. */
async function checkBooks(site: SoftIssuer, payments: number): Promise<void> {
  const { db } = site.issuer.store;
  const { count } = await db
    .selectFrom('claim')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .executeTakeFirstOrThrow();
  const differences = await site.differences();
  const { flaw } = await verify(site.issuer);
  if (Number(count) !== payments || differences.length > 0 || flaw !== undefined)
    throw new Error(`${count} claims of ${payments}; ${[...differences, flaw].join(' ')}`);
}
