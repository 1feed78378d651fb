/** Terminals, their batches, and what they asked about single orders. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table terminal (
      terminal_id text primary key,
      role smallint not null,
      merchant text not null,
      point bytea not null check (octet_length(point) = 64),
      certificate bytea not null,
      effective bigint not null,
      expiry bigint not null,
      last_batch bigint not null default 0,
      last_tn bigint not null default 0,
      revoked_at bigint
    )`.execute(db);
  await sql`
    create table batch (
      terminal_id text not null references terminal (terminal_id),
      number bigint not null,
      hash bytea not null check (octet_length(hash) = 32),
      content bytea not null,
      signature bytea not null,
      certificate bytea not null,
      acknowledgement bytea not null,
      acknowledgement_signature bytea not null,
      closed_at bigint not null,
      accepted_at bigint not null,
      primary key (terminal_id, number)
    )`.execute(db);
  await sql`
    create table batch_entry (
      terminal_id text not null,
      tn bigint not null,
      batch bigint not null,
      outcome text not null check (outcome in ('sold', 'cancelled', 'void', 'open', 'cancel')),
      card_id text not null,
      unit integer not null,
      amount bigint not null,
      result text not null,
      corrected_in bigint,
      primary key (terminal_id, tn, batch),
      foreign key (terminal_id, batch) references batch (terminal_id, number)
    )`.execute(db);
  await sql`create index batch_entry_open on batch_entry (terminal_id, tn) where outcome = 'open' and corrected_in is null`.execute(
    db,
  );
  await sql`
    create table entry_question (
      card_id text not null references card (card_id),
      terminal_id text not null,
      tn bigint not null,
      nt_seen bigint not null,
      first_asked bigint not null,
      answer bytea,
      signature bytea,
      primary key (card_id, terminal_id, tn)
    )`.execute(db);
  await sql`
    create table settlement (
      id bigint primary key,
      settled_at bigint not null
    )`.execute(db);
  await sql`
    create table settlement_line (
      settlement bigint not null references settlement (id),
      merchant text not null,
      unit integer not null,
      sales bigint not null,
      sold bigint not null,
      reversals bigint not null,
      reversed bigint not null,
      primary key (merchant, settlement, unit)
    )`.execute(db);
}
