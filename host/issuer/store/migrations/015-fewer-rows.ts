/**
 * Fewer rows for a payment (decision 0015). An entry that was simply paid is in its batch and in its claim: only the others get a
 * row of their own. The random number of an S3 is in its record, so the record has the index; `signature_seen` keeps those of
 * statements, and what earlier versions wrote.
 */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table batch add column entries integer`.execute(db);
  await sql`
    update batch set entries = (select count(*) from batch_entry e
                                 where e.terminal_id = batch.terminal_id and e.batch = batch.number)`.execute(db);
  await sql`alter table batch alter column entries set not null, add check (entries >= 0)`.execute(db);
  // signatures and random-looking numbers do not get smaller
  await sql`alter table batch alter column content set storage external`.execute(db);
  // r, in place, of a DER signature: 30 len 02 len r
  await sql`
    create index record_by_random on record (card_id, substring(s3 from 5 for get_byte(s3, 3)))
     where s3 is not null`.execute(db);
}
