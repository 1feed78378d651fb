/** Cases: what a finding asks a person to decide, and what his decision did to merchants. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // one case for each party and kind; round counts how often it was opened anew by a finding after a decision
  await sql`
    create table case_file (
      party text not null,
      kind text not null,
      round integer not null default 1 check (round > 0),
      status text not null default 'open' check (status in ('open', 'approved', 'dismissed')),
      opened_at bigint not null,
      proposal text,
      proposed_by text,
      proposed_at bigint,
      decided_at bigint,
      decided_by text,
      decision text,
      primary key (party, kind),
      check ((status = 'open') = (decided_at is null)),
      check ((proposal is null) = (proposed_by is null)),
      check (status <> 'approved' or proposed_by is null or proposed_by <> decided_by)
    )`.execute(db);
  await sql`create index case_open on case_file (opened_at) where status = 'open'`.execute(db);
  // whoever finds something opens the case in the same transaction: no finding is without one
  await sql`
    create function finding_opens_case() returns trigger language plpgsql as $$
    begin
      insert into case_file (party, kind, opened_at) values (new.party, new.kind, new.found_at)
      on conflict (party, kind) do update
        set status = 'open', round = case_file.round + 1, opened_at = excluded.opened_at, proposal = null,
            proposed_by = null, proposed_at = null, decided_at = null, decided_by = null, decision = null
        where case_file.status <> 'open';
      return null;
    end $$`.execute(db);
  await sql`
    create trigger finding_opens_case after insert on finding
    for each row execute function finding_opens_case()`.execute(db);
  await sql`
    insert into case_file (party, kind, opened_at)
    select party, kind, min(found_at) from finding group by party, kind`.execute(db);
  await sql`
    create table merchant_hold (
      merchant text not null,
      held_at bigint not null,
      reason text not null,
      released_at bigint,
      primary key (merchant, held_at)
    )`.execute(db);
  await sql`create unique index merchant_hold_current on merchant_hold (merchant) where released_at is null`.execute(
    db,
  );
  // what a merchant is owed (above zero) or owes (below) beside his claims
  await sql`
    create table merchant_adjustment (
      merchant text not null,
      reference text not null,
      unit integer not null,
      amount bigint not null check (amount <> 0),
      made_at bigint not null,
      settlement bigint,
      primary key (merchant, reference)
    )`.execute(db);
  await sql`create index merchant_adjustment_open on merchant_adjustment (merchant, unit) where settlement is null`.execute(
    db,
  );
  await sql`alter table settlement_line add column adjusted bigint not null default 0`.execute(db);
}
