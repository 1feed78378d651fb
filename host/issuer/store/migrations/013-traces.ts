/**
 * The trace of the request (W3C Trace Context) beside what it wrote: null for commands and jobs, and for everything older. No
 * hash is over it: it helps to find an entry in the service's log and proves nothing. And indexes for questions over time.
 */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table ledger_event add column trace text`.execute(db);
  await sql`alter table audit_entry add column trace text`.execute(db);
  // rows come in the order of time, so ranges of blocks do; a payment pays next to nothing for such an index
  await sql`create index record_by_seen on record using brin (seen_at) with (pages_per_range = 32)`.execute(db);
  await sql`create index batch_by_acceptance on batch (accepted_at)`.execute(db);
  // a lost card's balance funds loads of the card after it: the only transfers of a card's accounts that it does not own
  await sql`create index transfer_closing_debit on transfer (debit_party) where debit_account = 'closingsUnpaid'`.execute(
    db,
  );
  await sql`create index transfer_closing_credit on transfer (credit_party) where credit_account = 'closingsUnpaid'`.execute(
    db,
  );
}
