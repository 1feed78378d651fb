/** The issuer's speed: signatures alone, and payments from the signed batch to the commit. */
import { availableParallelism } from 'node:os';
import { batchCodec } from '../../../host/protocol/generated/structures.js';
import type { SignedBatch } from '../../../host/protocol/issuer/port.js';
import { entriesOf } from '../../../host/issuer/service/batch-content.js';
import { checkProofs } from '../../../host/issuer/service/proofs.js';
import { verify } from '../../../host/issuer/jobs/verify.js';
import type { SoftIssuer } from '../../helpers/soft-issuer.js';
import { inFlight } from './in-flight.js';

/** Batches of each shop, in order. */
export type Days = readonly (readonly SignedBatch[])[];

export interface Rate {
  readonly perSecond: number;
  /** Processor time of this process, all threads, for each. */
  readonly nodeMicros: number;
}

/** The verify stage alone: batches read, keys looked up and set up, every S3 checked; nothing is written. */
export function verifyStage(site: SoftIssuer, days: Days, payments: number): Promise<Rate> {
  const batches = days.flat();
  return timed(payments, async () => {
    let held = 0;
    // the cards of one batch are never spread evenly over the threads: several batches at once keep all of them busy
    await inFlight(3 * availableParallelism(), batches.length, async (i) => {
      const batch = batches[i];
      if (batch === undefined) return;
      const proofs = await checkProofs(site.issuer, entriesOf(batchCodec.decode(batch.batch)));
      for (const { holds } of proofs.values()) if (holds) held++;
    });
    if (held !== payments) throw new Error(`${held} signatures of ${payments} hold`);
  });
}

/** Every batch to its acknowledgement, which follows the commit; one at a time of each shop, all shops at once. */
export function clearAll(site: SoftIssuer, days: Days, payments: number): Promise<Rate> {
  return timed(payments, async () => {
    await Promise.all(
      days.map(async (batches) => {
        for (const batch of batches) await site.port.uploadBatch(batch);
      }),
    );
  });
}

/** What was measured was the whole work: every payment claimed, the books in balance, every chain unbroken. */
export async function checkBooks(site: SoftIssuer, payments: number): Promise<void> {
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

async function timed(count: number, work: () => Promise<void>): Promise<Rate> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (count / (performance.now() - start)) * 1000, nodeMicros: (user + system) / count };
}
