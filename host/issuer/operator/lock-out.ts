/**
 * Wrong passwords cost time, more with each: by name, whether there is such an operator or not, and by address. So neither
 * guessing one account's password nor one password over all accounts gets anywhere, and nothing tells which names exist. A try is
 * counted before its password is looked at, in one statement: many at once wait like many one after the other.
 */
import { sql } from 'kysely';
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

/** A try that may be made, counted as wrong until it is told to be right; or how long to wait for one, seconds. */
export type Try = { readonly failures: number } | { readonly wait: Seconds };

/** @param culprits each is counted, until one of them has to wait */
export async function countTry(db: Db, culprits: readonly Culprit[], now: Seconds): Promise<Try> {
  let failures = 0;
  for (const [i, subject] of culprits.entries()) {
    const counted = await countOne(db, subject, now);
    if (counted === undefined) {
      // who is not let try has not tried
      for (const other of culprits.slice(0, i)) await takeBack(db, other);
      return { wait: await waitFor(db, culprits, now) };
    }
    failures = Math.max(failures, counted);
  }
  // what was forgotten need not be kept
  await db
    .deleteFrom('sign_in_failure')
    .where('last_at', '<', BigInt(now - forgotten))
    .execute();
  return { failures };
}

/** Seconds to wait before the next try; 0 where one may be made. */
export async function waitFor(db: Db, culprits: readonly Culprit[], now: Seconds): Promise<Seconds> {
  const rows = await db
    .selectFrom('sign_in_failure')
    .select('locked_until')
    .where('subject', 'in', [...culprits])
    .execute();
  return Math.max(0, ...rows.map(({ locked_until }) => Number(locked_until) - now));
}

/** The try was right. That clears the name; from an address others may have tried, too, so it is only not counted there. */
export async function rightTry(db: Db, culprits: readonly Culprit[]): Promise<void> {
  for (const subject of culprits) {
    if (ruleName(subject) === 'name') await db.deleteFrom('sign_in_failure').where('subject', '=', subject).execute();
    else await takeBack(db, subject);
  }
}

/** @returns how often it has tried by now; undefined, and nothing counted, while it has to wait */
async function countOne(db: Db, subject: Culprit, now: Seconds): Promise<number | undefined> {
  const { free, first, longest } = rules[ruleName(subject)];
  const lockedUntil = (failures: ReturnType<typeof sql>) => sql<bigint>`
    case when ${failures} < ${free}::int then 0
         else ${now}::bigint + least(${longest}::bigint, ${first}::bigint << least(${failures} - ${free}::int, 20)) end`;
  const next = sql`case when sign_in_failure.last_at < ${now - forgotten}::bigint then 1 else sign_in_failure.failures + 1 end`;
  const { rows } = await sql<{ failures: number }>`
    insert into sign_in_failure (subject, failures, locked_until, last_at)
    values (${subject}, 1, ${lockedUntil(sql`1`)}, ${now})
    on conflict (subject) do update
       set failures = ${next}, locked_until = ${lockedUntil(next)}, last_at = ${now}
     where sign_in_failure.locked_until <= ${now}
    returning failures`.execute(db);
  return rows[0]?.failures;
}

async function takeBack(db: Db, subject: Culprit): Promise<void> {
  await db
    .updateTable('sign_in_failure')
    .set(({ eb }) => ({ failures: eb('failures', '-', 1), locked_until: 0 }))
    .where('subject', '=', subject)
    .where('failures', '>', 0)
    .execute();
}

function ruleName(subject: Culprit): keyof typeof rules {
  return subject.startsWith('name ') ? 'name' : 'address';
}
