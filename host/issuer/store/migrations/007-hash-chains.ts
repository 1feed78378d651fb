/**
 * Hash chains: the audit log (who did what), and one chain of ledger events for every owner, sealed from time to time. Tables
 * that every payment adds rows to lose what a payment cannot pay for: foreign keys checked row by row, and two indexes.
 */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { chainExistingEvents } from '../chain-existing.js';

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

  // every event is a link of its owner's chain; whoever adds one holds the row of the owner's head
  await sql`alter table ledger_event add column seq bigint, add column hash bytea`.execute(db);
  await sql`
    create table ledger_head (
      owner text primary key,
      seq bigint not null,
      hash bytea not null check (octet_length(hash) = 32)
    ) with (fillfactor = 60)`.execute(db);
  await chainExistingEvents(db);
  await sql`
    alter table ledger_event alter column seq set not null, alter column hash set not null,
      add check (seq > 0), add check (octet_length(hash) = 32)`.execute(db);
  // where each chain that had grown stood when the seal was made; its root is in the audit log
  await sql`
    create table ledger_seal (
      owner text not null,
      seal bigint not null,
      seq bigint not null,
      hash bytea not null,
      primary key (owner, seal)
    )`.execute(db);
  await sql`
    create trigger append_only before update or delete on ledger_seal
    for each row execute function append_only()`.execute(db);
  await sql`
    create trigger append_only_whole before truncate on ledger_seal
    for each statement execute function append_only()`.execute(db);

  // one look-up for each event of a statement in place of a foreign key's one for each transfer
  await sql`alter table transfer drop constraint transfer_owner_event_id_fkey`.execute(db);
  await sql`
    create function transfers_have_events() returns trigger language plpgsql as $$
    begin
      if exists (
        select from (select distinct owner, event_id from added) a
         where not exists (select from ledger_event e where e.owner = a.owner and e.id = a.event_id)
      ) then
        raise exception 'a transfer of no event' using errcode = 'foreign_key_violation';
      end if;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger has_event after insert on transfer referencing new table as added
    for each statement execute function transfers_have_events()`.execute(db);
  // a transfer is found by its owner; sums over an account read all transfers anyway
  await sql`drop index transfer_by_debit`.execute(db);
  await sql`drop index transfer_by_credit`.execute(db);
  // written with the row they point to locked; issuer verify looks for orphans
  await sql`alter table record drop constraint record_card_id_fkey`.execute(db);
  await sql`alter table signature_seen drop constraint signature_seen_card_id_fkey`.execute(db);
  await sql`alter table claim drop constraint claim_card_id_nt_fkey`.execute(db);
  await sql`alter table batch_entry drop constraint batch_entry_terminal_id_batch_fkey`.execute(db);
  // room on the page for the next version of a row that every payment changes
  await sql`alter table card set (fillfactor = 60)`.execute(db);
  await sql`alter table card_slot set (fillfactor = 60)`.execute(db);
}
