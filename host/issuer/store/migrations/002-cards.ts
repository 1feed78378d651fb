/** Holders, cards, and the shadow balance of each purse slot. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table holder (
      holder_id text primary key,
      name text not null,
      account text
    )`.execute(db);
  await sql`
    create table card (
      card_id text primary key,
      serial bytea not null,
      sign_point bytea not null check (octet_length(sign_point) = 64),
      agree_point bytea not null check (octet_length(agree_point) = 64),
      key_version smallint not null,
      certificate bytea not null,
      card_data bytea not null,
      holder_id text not null references holder (holder_id),
      state text not null check (state in ('issued', 'active', 'retired', 'lost', 'closed')),
      issued_at bigint not null,
      expiry bigint not null,
      parameters_version integer not null,
      fault text,
      nt bigint not null default 0 check (nt >= 0),
      running_hash bytea not null check (octet_length(running_hash) = 32),
      load_counter bigint not null default 0,
      order_counter bigint not null default 0,
      block_number bigint not null default 0,
      replaces text,
      replaced_by text,
      ended_at bigint,
      closing bytea,
      closing_signature bytea
    )`.execute(db);
  await sql`create index card_by_holder on card (holder_id)`.execute(db);
  await sql`
    create table card_slot (
      card_id text not null references card (card_id),
      slot smallint not null,
      unit integer not null,
      balance bigint not null default 0 check (balance >= 0),
      primary key (card_id, slot)
    )`.execute(db);
  await sql`
    create table parameter_set (
      version integer primary key,
      parameters bytea not null,
      since bigint not null
    )`.execute(db);
}
