/** How SQL transactions run: again where others were in the way or the connection was stale, and never twice where they may be durable. */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import { LedgerError } from '../errors.js';
import { isCollision, storeFailure } from './failures.js';
import type { Schema } from './schema.js';

export interface TransactionOptions {
  /** Sees one moment and what it wrote itself; what others changed meanwhile makes it start again. */
  readonly oneMoment?: boolean;
  /** The server's time-out for statements does not apply: jobs over all cards. */
  readonly unhurried?: boolean;
}

const attempts = 10;

/** @throws LedgerError unreachable, busy; whatever `work` throws */
export async function inTransaction<T>(
  db: Kysely<Schema>,
  work: (tx: Transaction<Schema>) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  let stale = false;
  for (let attempt = 1; ; attempt++) {
    const run: Progress = { finished: false };
    try {
      return await once(db, work, options, run);
    } catch (error) {
      const failure = storeFailure(error);
      if (failure?.code === 'unreachable' && run.finished) throw unknownOutcome(failure);
      // a connection of the pool may have died since its last use: one more try shows whether the server is there
      if (failure?.code === 'unreachable' && !stale) {
        stale = true;
        continue;
      }
      if (!isCollision(error)) throw error;
      if (attempt === attempts)
        throw new LedgerError('busy', 'Too many requests want the same cards at once; nothing was booked.', {
          cause: error,
        });
      await pause(randomInt(1, 10 * attempt));
    }
  }
}

/** @param read several statements that see one moment; nothing can be written */
export function inSnapshot<T>(db: Kysely<Schema>, read: (tx: Transaction<Schema>) => Promise<T>): Promise<T> {
  return inTransaction(
    db,
    async (tx) => {
      await sql`set transaction read only`.execute(tx);
      return read(tx);
    },
    { oneMoment: true, unhurried: true },
  );
}

interface Progress {
  /** The work is done and COMMIT was, or is about to be, sent. */
  finished: boolean;
}

function once<T>(
  db: Kysely<Schema>,
  work: (tx: Transaction<Schema>) => Promise<T>,
  { oneMoment = false, unhurried = false }: TransactionOptions,
  run: Progress,
): Promise<T> {
  const transaction = oneMoment ? db.transaction().setIsolationLevel('repeatable read') : db.transaction();
  return transaction.execute(async (tx) => {
    if (unhurried) await sql`set local statement_timeout = 0`.execute(tx);
    const result = await work(tx);
    run.finished = true;
    return result;
  });
}

/** Only the database knows whether the COMMIT arrived. Asking again shows: the same request is booked once. */
function unknownOutcome(cause: LedgerError): LedgerError {
  return new LedgerError(
    'unreachable',
    'The database went away while it was booking. Send the same request again: it is booked once.',
    { cause },
  );
}
