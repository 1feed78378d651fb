/** Loads and unloads: one row per (card, load counter), from the first statement to the record or the return of the money. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table load (
      card_id text not null references card (card_id),
      counter bigint not null,
      kind text not null check (kind in ('load', 'unload')),
      slot smallint not null,
      unit integer not null,
      amount bigint not null check (amount >= 0),
      random bytea not null,
      kiosk_id text not null,
      holder_id text not null,
      state text not null check (state in ('asked', 'declined', 'authorised', 'credited', 'given-up')),
      funding text not null check (funding in ('none', 'asked', 'taken', 'returning', 'returned')),
      lost_card text,
      lost_slot smallint,
      asked_nt bigint not null,
      authorisation bytea,
      signature bytea,
      credit_nt bigint,
      asked_at bigint not null,
      decided_at bigint,
      primary key (card_id, counter),
      check ((state in ('authorised', 'credited')) <= (authorisation is not null))
    )`.execute(db);
  await sql`create index load_by_holder on load (holder_id, unit, asked_at)`.execute(db);
  await sql`create index load_money_back on load (card_id) where funding in ('asked', 'returning')`.execute(db);
}
