/** A load that the bank left unanswered for too long ends by itself: the state `lapsed`. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table load
      drop constraint load_state_check,
      add constraint load_state_check
        check (state in ('asked', 'declined', 'lapsed', 'authorised', 'credited', 'given-up'))`.execute(db);
  // the daily job looks for these alone, among all loads there ever were
  await sql`create index load_asked on load (asked_at) where state = 'asked'`.execute(db);
}
