/** Transaction records as cards signed them, the claims of merchants on them, and the cancel orders that undo them. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table record (
      card_id text not null references card (card_id),
      nt bigint not null check (nt > 0),
      kind text not null check (kind in ('purchase', 'cancel', 'load', 'unload')),
      tn bigint not null,
      terminal_id text not null,
      merchant text not null,
      slot smallint not null,
      unit integer not null,
      amount bigint not null check (amount >= 0),
      points bigint not null check (points >= 0),
      points_unit integer not null,
      points_slot smallint not null,
      time bigint not null,
      content bytea not null,
      s3 bytea,
      placement text not null check (placement in ('waiting', 'placed', 'broken', 'late')),
      clearing text not null check (clearing in ('none', 'open', 'claimed', 'cancelled', 'reversed', 'forfeited')),
      running_hash bytea,
      seen_at bigint not null,
      primary key (card_id, nt)
    )`.execute(db);
  await sql`create index record_waiting on record (card_id, nt) where placement = 'waiting'`.execute(db);
  await sql`create index record_open on record (seen_at) where clearing = 'open'`.execute(db);
  // one ECDSA random number, two messages: the private key can be computed by anybody who sees both
  await sql`
    create table signature_seen (
      card_id text not null references card (card_id),
      r bytea not null,
      message_hash bytea not null,
      primary key (card_id, r)
    )`.execute(db);
  await sql`
    create table claim (
      card_id text not null,
      nt bigint not null,
      kind text not null check (kind in ('sale', 'reversal')),
      merchant text not null,
      unit integer not null,
      amount bigint not null check (amount > 0),
      terminal_id text not null,
      tn bigint not null,
      accepted_at bigint not null,
      settlement bigint,
      primary key (card_id, nt, kind),
      foreign key (card_id, nt) references record (card_id, nt)
    )`.execute(db);
  await sql`create index claim_payable on claim (merchant, unit) where settlement is null`.execute(db);
  await sql`
    create table cancel_order (
      card_id text not null,
      cancelled_nt bigint not null,
      terminal_id text not null,
      cancelled_tn bigint not null,
      tn bigint not null,
      slot smallint not null,
      amount bigint not null,
      signature bytea not null,
      primary key (card_id, cancelled_nt)
    )`.execute(db);
  await sql`
    create table voided (
      card_id text not null,
      terminal_id text not null,
      tn bigint not null,
      at bigint not null,
      primary key (card_id, terminal_id, tn)
    )`.execute(db);
  await sql`
    create table payout (
      card_id text not null,
      kind text not null check (kind in ('unload', 'holder', 'closing')),
      ref bigint not null,
      unit integer not null,
      amount bigint not null check (amount > 0),
      due_at bigint not null,
      paid_at bigint,
      primary key (card_id, kind, ref)
    )`.execute(db);
  await sql`create index payout_due on payout (due_at) where paid_at is null`.execute(db);
}
