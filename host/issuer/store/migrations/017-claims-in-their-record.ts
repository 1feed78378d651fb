/**
 * Claims inside their record (decision 0019): a claim says of its record when the merchant's claim, or what takes it back, was
 * accepted and settled, and repeats the rest. The rows of `claim` become columns of `record`, and `claim` a view of them.
 */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table record add column sale_at bigint, add column sale_settlement bigint,
      add column reversal_at bigint, add column reversal_settlement bigint`.execute(db);
  await sql`
    update record r set sale_at = c.accepted_at, sale_settlement = c.settlement
      from claim c where c.card_id = r.card_id and c.nt = r.nt and c.kind = 'sale'`.execute(db);
  await sql`
    update record r set reversal_at = c.accepted_at, reversal_settlement = c.settlement
      from claim c where c.card_id = r.card_id and c.nt = r.nt and c.kind = 'reversal'`.execute(db);
  await refuseStrays(db);
  await sql`drop table claim`.execute(db);
  await sql`
    alter table record
      add constraint claims_of_purchases check (sale_at is null or (kind = 'purchase' and amount > 0)),
      add constraint reversals_of_sales check (reversal_at is null or sale_at is not null),
      add constraint settled_when_claimed check (
        (sale_settlement is null or sale_at is not null) and (reversal_settlement is null or reversal_at is not null))`.execute(
    db,
  );
  await sql`
    create view claim as
    select card_id, nt, 'sale' as kind, merchant, unit, amount, terminal_id, tn, sale_at as accepted_at, sale_settlement as settlement
      from record where sale_at is not null
    union all
    select card_id, nt, 'reversal', merchant, unit, amount, terminal_id, tn, reversal_at, reversal_settlement
      from record where reversal_at is not null`.execute(db);
  await sql`
    create index record_unsettled on record (merchant, unit)
     where (sale_at is not null and sale_settlement is null) or (reversal_at is not null and reversal_settlement is null)`.execute(
    db,
  );
}

/** A claim that says other than its record would be lost: such books are looked into first. */
async function refuseStrays(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ stray: string }>`
    select c.card_id || ', record ' || c.nt as stray from claim c left join record r on r.card_id = c.card_id and r.nt = c.nt
     where r.nt is null or (c.merchant, c.unit, c.amount, c.terminal_id, c.tn)
                           is distinct from (r.merchant, r.unit, r.amount, r.terminal_id, r.tn)
     limit 1`.execute(db);
  const [first] = rows;
  if (first !== undefined) throw new Error(`the claim on card ${first.stray} is not what its record says`);
}
