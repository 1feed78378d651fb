/**
 * What a payment changes of a card in one narrow row (decision 0022): the head of its chain of events, its last record in sequence and
 * its shadow balances. `card` keeps what seldom changes, `card_slot` becomes a view.
 */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await refuseGaps(db);
  await sql`
    alter table ledger_head add column nt bigint, add column running_hash bytea,
      add column units integer[], add column balances bigint[]`.execute(db);
  await sql`alter table ledger_head set (fillfactor = 50)`.execute(db);
  await sql`
    insert into ledger_head (owner, seq, hash) select card_id, 0, decode(repeat('00', 32), 'hex') from card
        on conflict do nothing`.execute(db);
  await sql`
    update ledger_head h set nt = c.nt, running_hash = c.running_hash, units = s.units, balances = s.balances
      from card c left join (
             select card_id, array_agg(unit order by slot) as units, array_agg(balance order by slot) as balances
               from card_slot group by card_id) all_slots (id, units, balances) on all_slots.id = c.card_id,
           lateral (select coalesce(all_slots.units, '{}') as units, coalesce(all_slots.balances, '{}') as balances) s
     where h.owner = c.card_id`.execute(db);
  await sql`
    alter table ledger_head
      add constraint ledger_head_nt_check check (nt >= 0),
      add constraint ledger_head_running_hash_check check (octet_length(running_hash) = 32),
      add constraint a_card_or_none check (num_nulls(nt, running_hash, units, balances) in (0, 4)),
      add constraint a_balance_for_each_unit check (
        cardinality(units) = cardinality(balances) and array_position(units, null) is null
        and array_position(balances, null) is null and coalesce(array_lower(balances, 1), 1) = 1),
      add constraint no_balance_below_zero check (0 <= all (balances))`.execute(db);
  await sql`drop table card_slot`.execute(db);
  await sql`
    create view card_slot as
    select h.owner as card_id, (s.place - 1)::smallint as slot, s.unit, s.balance
      from ledger_head h, unnest(h.units, h.balances) with ordinality as s (unit, balance, place)`.execute(db);
  await sql`alter table card drop column nt, drop column running_hash`.execute(db);
  await refuseRepeatsByIndex(db);
  // signed bytes do not shrink: the attempt costs more than all the rest of the row
  await sql`alter table batch alter column content set storage external`.execute(db);
}

/**
 * A second S3 under one random number is refused by the index, so that nobody has to look for it first; it is kept as evidence all the
 * same, marked.
 */
async function refuseRepeatsByIndex(db: Kysely<unknown>): Promise<void> {
  const random = sql`substring(s3 from 5 for get_byte(s3, 3))`;
  await sql`alter table record add column repeats boolean not null default false`.execute(db);
  await sql`
    update record r set repeats = true from (
           select card_id, nt, row_number() over (partition by card_id, ${random} order by seen_at, nt) as place
             from record where s3 is not null) s
     where r.card_id = s.card_id and r.nt = s.nt and s.place > 1`.execute(db);
  await sql`drop index record_by_random`.execute(db);
  await sql`
    create unique index record_random on record (card_id, ${random}) where s3 is not null and not repeats`.execute(db);
}

/** Slots are counted from 0; a balance in any other would find no place. */
async function refuseGaps(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ card_id: string }>`
    select card_id from card_slot group by card_id having min(slot) <> 0 or max(slot) <> count(*) - 1 limit 1`.execute(
    db,
  );
  const [first] = rows;
  if (first !== undefined) throw new Error(`the slots of card ${first.card_id} are not counted from 0 without a gap`);
}
