/**
 * Transfers inside their event (decision 0019): the rows of `transfer` become arrays of `ledger_event`, line by line, and `transfer` a
 * view of them. An account is written as its name, and after a colon its party where it has one.
 */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table ledger_event add column debits text[], add column credits text[], add column units integer[],
      add column amounts bigint[]`.execute(db);
  await sql`alter table ledger_event disable trigger append_only`.execute(db);
  await sql`
    update ledger_event e set debits = t.debits, credits = t.credits, units = t.units, amounts = t.amounts
      from (select owner, event_id, array_agg(concat_ws(':', debit_account, nullif(debit_party, '')) order by line) as debits,
                   array_agg(concat_ws(':', credit_account, nullif(credit_party, '')) order by line) as credits,
                   array_agg(unit order by line) as units, array_agg(amount order by line) as amounts
              from transfer group by owner, event_id) as t
     where e.owner = t.owner and e.id = t.event_id`.execute(db);
  await sql`
    update ledger_event set debits = '{}', credits = '{}', units = '{}', amounts = '{}' where amounts is null`.execute(
    db,
  );
  await sql`alter table ledger_event enable trigger append_only`.execute(db);
  await sql`drop table transfer`.execute(db);
  await sql`drop function transfers_have_events()`.execute(db);
  // double entry: each line moves an amount above zero from one account to another; `is true`, for null is neither
  await sql`
    alter table ledger_event
      alter column debits set not null, alter column credits set not null, alter column units set not null,
      alter column amounts set not null,
      add constraint transfers_are_whole check (
        cardinality(amounts) <= 3 and cardinality(debits) = cardinality(amounts)
        and cardinality(credits) = cardinality(amounts) and cardinality(units) = cardinality(amounts)
        and coalesce(array_lower(amounts, 1), 1) = 1 and coalesce(array_lower(units, 1), 1) = 1
        and array_position(units, null) is null),
      add constraint transfers_move_something check ((0 < all (amounts)) is true),
      add constraint transfers_have_two_accounts check (
        (cardinality(amounts) < 1 or (debits[1] <> credits[1]) is true)
        and (cardinality(amounts) < 2 or (debits[2] <> credits[2]) is true)
        and (cardinality(amounts) < 3 or (debits[3] <> credits[3]) is true))`.execute(db);
  await sql`
    create view transfer as
    select e.owner, e.id as event_id, l.line, e.kind, e.booked_at,
           split_part(e.debits[l.line + 1], ':', 1) as debit_account, split_part(e.debits[l.line + 1], ':', 2) as debit_party,
           split_part(e.credits[l.line + 1], ':', 1) as credit_account, split_part(e.credits[l.line + 1], ':', 2) as credit_party,
           e.units[l.line + 1] as unit, e.amounts[l.line + 1] as amount
      from ledger_event e cross join (values (0::smallint), (1::smallint), (2::smallint)) as l (line)
     where l.line < cardinality(e.amounts)`.execute(db);
  // a lost card's balance funds loads of the card after it, or comes back: the only transfers of a card's accounts that it does not own
  await sql`create index event_from_lost_card on ledger_event ((debits[1])) where kind = 'load-funded' and debits[1] like 'closingsUnpaid:%'`.execute(
    db,
  );
  await sql`create index event_to_lost_card on ledger_event ((credits[1])) where kind = 'load-given-up' and credits[1] like 'closingsUnpaid:%'`.execute(
    db,
  );
}
