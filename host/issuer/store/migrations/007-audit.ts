/** The audit log: who did what, each entry bound to the one before it. Entries are added and never change. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // chain: the column a distributed store spreads by; there is one, `issuer`
  await sql`
    create table audit_entry (
      chain text not null,
      seq bigint not null check (seq > 0),
      at bigint not null,
      actor_kind text not null check (actor_kind in ('operator', 'terminal', 'system')),
      actor_name text not null,
      action text not null,
      subject text not null,
      detail text not null,
      previous bytea not null check (octet_length(previous) = 32),
      hash bytea not null check (octet_length(hash) = 32),
      primary key (chain, seq)
    )`.execute(db);
  await sql`create index audit_entry_by_subject on audit_entry (chain, subject, seq)`.execute(db);
  // whoever adds an entry holds the row of the head: entries of several processes queue up behind each other
  await sql`
    create table audit_head (
      chain text primary key,
      seq bigint not null,
      hash bytea not null check (octet_length(hash) = 32)
    )`.execute(db);
  await sql`insert into audit_head values ('issuer', 0, decode(repeat('00', 32), 'hex'))`.execute(db);
  await sql`
    create trigger append_only before update or delete on audit_entry
    for each row execute function append_only()`.execute(db);
  await sql`
    create trigger append_only_whole before truncate on audit_entry
    for each statement execute function append_only()`.execute(db);
  // the head moves on by one entry at a time, and only to an entry that is there
  await sql`
    create function audit_head_moves() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' or new.chain <> old.chain or new.seq <> old.seq + 1 or not exists (
        select from audit_entry e
         where e.chain = new.chain and e.seq = new.seq and e.previous = old.hash and e.hash = new.hash
      ) then
        raise exception 'the head of the audit log only moves to the next entry' using errcode = 'restrict_violation';
      end if;
      return new;
    end $$`.execute(db);
  await sql`
    create trigger moves before update or delete on audit_head
    for each row execute function audit_head_moves()`.execute(db);
}
