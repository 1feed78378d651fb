/** Merchants' accounts, payments ordered at the bank, and the files that order them. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table merchant (
      merchant text primary key,
      name text not null check (name <> ''),
      iban text,
      bic text,
      changed_at bigint not null
    )`.execute(db);
  await sql`
    create table payout_file (
      number bigint primary key,
      made_at bigint not null,
      debtor_name text not null,
      debtor_iban text not null,
      debtor_bic text,
      payments integer not null check (payments > 0),
      content_hash bytea not null check (octet_length(content_hash) = 32)
    )`.execute(db);
  // owner: merchant, or card id of a holder's payment: the column a distributed store spreads by
  await sql`
    create table payment (
      owner text not null,
      reference text not null check (length(reference) <= 35),
      kind text not null check (kind in ('settlement', 'unload', 'holder', 'closing')),
      ref bigint not null,
      unit integer not null,
      amount bigint not null check (amount > 0),
      payee text not null,
      iban text not null,
      bic text,
      state text not null check (state in ('ordered', 'sent', 'paid', 'returned')),
      file bigint references payout_file (number),
      ordered_at bigint not null,
      answered_at bigint,
      answer text,
      primary key (owner, reference),
      check ((state = 'ordered') = (file is null))
    )`.execute(db);
  await sql`create index payment_ordered on payment (ordered_at) where state = 'ordered'`.execute(db);
  await sql`create index payment_by_file on payment (file, unit, owner, reference)`.execute(db);
}
