/** What merchants were charged for a settlement, and terminals whose claims are not settled until somebody releases them. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table settlement_line add column fee bigint not null default 0 check (fee >= 0)`.execute(db);
  await sql`
    alter table terminal
      add column held_at bigint,
      add column held_reason text,
      add check ((held_at is null) = (held_reason is null))`.execute(db);
  await sql`create index terminal_held on terminal (terminal_id) where held_at is not null`.execute(db);
}
