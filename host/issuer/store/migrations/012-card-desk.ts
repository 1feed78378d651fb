/** Products, the stock of raw cards, and what is known of holders beside their name. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table product (
      name text primary key check (name ~ '^[a-z][a-z0-9-]{0,31}$'),
      label text not null,
      lifetime_years smallint check (lifetime_years between 1 and 20),
      since bigint not null,
      closed_at bigint
    )`.execute(db);
  // what there was before products is one of them
  await sql`insert into product (name, label, since) values ('standard', 'Standard purse', 0)`.execute(db);
  await sql`
    alter table parameter_set add column product text not null default 'standard' references product (name)`.execute(
    db,
  );
  await sql`alter table card add column product text not null default 'standard' references product (name)`.execute(db);
  await sql`create index card_by_expiry on card (expiry) where state in ('issued', 'active')`.execute(db);
  // the card id follows from the serial, so one key serves both
  await sql`
    create table card_stock (
      card_id text primary key,
      serial bytea not null check (octet_length(serial) = 8),
      state text not null check (state in ('raw', 'assigned', 'issued', 'retired', 'lost', 'destroyed')),
      delivery text not null,
      holder_id text references holder (holder_id),
      product text references product (name),
      replaces text,
      registered_at bigint not null,
      changed_at bigint not null,
      note text,
      check ((state <> 'assigned') or (holder_id is not null and product is not null))
    )`.execute(db);
  await sql`create index card_stock_open on card_stock (state, serial) where state in ('raw', 'assigned')`.execute(db);
  await sql`
    alter table holder
      add column since bigint not null default 0,
      add column reference text,
      add column note text not null default ''`.execute(db);
  await sql`create index holder_by_name on holder (lower(name))`.execute(db);
}
