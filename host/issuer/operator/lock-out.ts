/**
 * Wrong passwords cost time, more with each: by name, whether there is such an operator or not, and by address. So neither
 * guessing one account's password nor one password over all accounts gets anywhere, and nothing tells which names exist.
 */
import type { Db } from '../store/database.js';
import type { Seconds } from '../../protocol/codec/time.js';

interface Rule {
  /** Wrong tries without any wait. */
  readonly free: number;
  /** First wait, doubled with every further wrong try. */
  readonly first: Seconds;
  readonly longest: Seconds;
}

const rules = {
  name: { free: 5, first: 30, longest: 900 },
  // several people may sit behind one address
  address: { free: 20, first: 30, longest: 3600 },
} as const satisfies Record<string, Rule>;

/** After this long without a wrong try the count begins anew. */
const forgotten: Seconds = 24 * 3600;

export type Culprit = `${keyof typeof rules} ${string}`;

/** Seconds to wait before the next try; 0 where one may be made. */
export async function waitFor(db: Db, culprits: readonly Culprit[], now: Seconds): Promise<Seconds> {
  const rows = await db
    .selectFrom('sign_in_failure')
    .select('locked_until')
    .where('subject', 'in', [...culprits])
    .execute();
  return Math.max(0, ...rows.map(({ locked_until }) => Number(locked_until) - now));
}

/** @returns how often each has failed by now */
export async function countFailure(db: Db, culprits: readonly Culprit[], now: Seconds): Promise<number> {
  let most = 0;
  for (const subject of culprits) {
    const { failures } = await db
      .insertInto('sign_in_failure')
      .values({ subject, failures: 1, locked_until: 0, last_at: now })
      .onConflict((conflict) =>
        conflict.column('subject').doUpdateSet(({ ref, eb }) => ({
          failures: eb
            .case()
            .when('sign_in_failure.last_at', '<', BigInt(now - forgotten))
            .then(1)
            .else(eb(ref('sign_in_failure.failures'), '+', 1))
            .end(),
          last_at: now,
        })),
      )
      .returning('failures')
      .executeTakeFirstOrThrow();
    const locked = now + delay(rules[subject.split(' ')[0] as keyof typeof rules], failures);
    await db.updateTable('sign_in_failure').set({ locked_until: locked }).where('subject', '=', subject).execute();
    most = Math.max(most, failures);
  }
  // what was forgotten need not be kept
  await db
    .deleteFrom('sign_in_failure')
    .where('last_at', '<', BigInt(now - forgotten))
    .execute();
  return most;
}

/** A right password clears the name; the address has to wait its time. */
export async function clearFailures(db: Db, name: string): Promise<void> {
  await db.deleteFrom('sign_in_failure').where('subject', '=', `name ${name}`).execute();
}

function delay({ free, first, longest }: Rule, failures: number): Seconds {
  return failures < free ? 0 : Math.min(longest, first * 2 ** Math.min(failures - free, 20));
}
