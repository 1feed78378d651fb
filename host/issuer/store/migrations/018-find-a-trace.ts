/**
 * What one request left behind is found without reading everything. A payment pays next to nothing for it: rows of one request lie side
 * by side, so a summary of each 32 pages says whether its trace may be among them (BRIN with Bloom filters, PostgreSQL 14).
 */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index ledger_event_by_trace on ledger_event using brin (trace text_bloom_ops)
      with (pages_per_range = 32, autosummarize = on)`.execute(db);
  await sql`create index audit_entry_by_trace on audit_entry (chain, trace) where trace is not null`.execute(db);
}
