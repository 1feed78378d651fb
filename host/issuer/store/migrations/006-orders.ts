/** Orders to cards, and the hot list. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // number: order counter, or for block orders the block number
  await sql`
    create table card_order (
      card_id text not null references card (card_id),
      type smallint not null,
      number bigint not null,
      body bytea not null,
      signature bytea not null,
      key_index smallint not null,
      issued_at bigint not null,
      reason text not null,
      primary key (card_id, type, number)
    )`.execute(db);
  await sql`
    create table listing (
      card_id text not null references card (card_id),
      block_number bigint not null,
      reason text not null check (reason in ('operator', 'lost', 'fault')),
      note text not null,
      listed_at bigint not null,
      since_version bigint,
      taken_at bigint,
      taken_statement bytea,
      released_at bigint,
      primary key (card_id, block_number)
    )`.execute(db);
  await sql`create index listing_current on listing (card_id) where released_at is null`.execute(db);
  await sql`
    create table hot_list (
      version bigint primary key,
      issued_at bigint not null,
      list bytea not null,
      signature bytea not null,
      content_hash bytea not null
    )`.execute(db);
  await sql`
    create table finding (
      party text not null,
      kind text not null,
      subject text not null,
      detail text not null,
      found_at bigint not null,
      primary key (party, kind, subject)
    )`.execute(db);
}
