/** Events and transfers: the ledger proper. Rows are added and never change. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // owner: card id, or acquirer and merchant id: the column a distributed store spreads by
  await sql`
    create table ledger_event (
      owner text not null,
      id text not null,
      kind text not null,
      input_hash bytea not null check (octet_length(input_hash) = 32),
      booked_at bigint not null,
      primary key (owner, id)
    )`.execute(db);
  await sql`
    create table transfer (
      owner text not null,
      event_id text not null,
      line smallint not null,
      debit_account text not null,
      debit_party text not null,
      credit_account text not null,
      credit_party text not null,
      unit integer not null,
      amount bigint not null check (amount > 0),
      primary key (owner, event_id, line),
      foreign key (owner, event_id) references ledger_event (owner, id),
      check (debit_account <> credit_account or debit_party <> credit_party)
    )`.execute(db);
  await sql`create index transfer_by_debit on transfer (debit_account, unit, debit_party)`.execute(db);
  await sql`create index transfer_by_credit on transfer (credit_account, unit, credit_party)`.execute(db);
  await sql`
    create function append_only() returns trigger language plpgsql as $$
    begin
      raise exception 'table % is append-only: corrections are further entries', tg_table_name using errcode = 'restrict_violation';
    end $$`.execute(db);
  for (const table of ['ledger_event', 'transfer']) {
    await sql`
      create trigger append_only before update or delete on ${sql.table(table)}
      for each row execute function append_only()`.execute(db);
    await sql`
      create trigger append_only_whole before truncate on ${sql.table(table)}
      for each statement execute function append_only()`.execute(db);
  }
}
