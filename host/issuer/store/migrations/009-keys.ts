/** Which versions of the scheme's keys each card was issued with, the key switches ordered since, and why a terminal was revoked. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // cards of before were all issued with the first keys
  await sql`
    alter table card
      add column terminal_ca_version smallint not null default 1 check (terminal_ca_version between 1 and 255),
      add column pos_ca_version smallint not null default 1 check (pos_ca_version between 1 and 255),
      add column credit_version smallint not null default 1 check (credit_version between 1 and 255),
      add column order_version smallint not null default 1 check (order_version between 1 and 255)`.execute(db);
  // one row per key of a card: each key has one successor
  await sql`
    create table key_switch (
      card_id text not null references card (card_id),
      key_ref smallint not null,
      number bigint not null,
      ordered_at bigint not null,
      taken_at bigint,
      primary key (card_id, key_ref)
    )`.execute(db);
  await sql`alter table terminal add column revoked_reason text`.execute(db);
  await sql`
    alter table terminal add constraint terminal_revoked_why check (revoked_reason is null or revoked_at is not null)`.execute(
    db,
  );
}
