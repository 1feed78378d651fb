/** People who work at the issuer: who they are, their sessions, wrong passwords; and invitations to new terminals. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // log_n, r, p: cost of scrypt when this password was set; it may rise for later ones
  await sql`
    create table operator (
      name text primary key check (name ~ '^[a-z][a-z0-9._-]{1,31}$'),
      role text not null check (role in ('teller', 'operator', 'auditor')),
      salt bytea not null check (octet_length(salt) = 16),
      hash bytea not null check (octet_length(hash) = 32),
      log_n smallint not null,
      r smallint not null,
      p smallint not null,
      created_at bigint not null,
      password_at bigint not null,
      disabled_at bigint
    )`.execute(db);
  // id_hash: SHA-256 of the cookie, so that who reads the table opens no session
  await sql`
    create table operator_session (
      id_hash bytea primary key check (octet_length(id_hash) = 32),
      name text not null references operator (name),
      opened_at bigint not null,
      seen_at bigint not null
    )`.execute(db);
  await sql`create index operator_session_by_name on operator_session (name)`.execute(db);
  // subject: a name that was typed, whether it exists or not, or an address
  await sql`
    create table sign_in_failure (
      subject text primary key,
      failures integer not null,
      locked_until bigint not null,
      last_at bigint not null
    )`.execute(db);
  await sql`
    create table terminal_invitation (
      token_hash bytea primary key check (octet_length(token_hash) = 32),
      terminal_id text not null,
      role smallint not null,
      acquirer_id bytea not null check (octet_length(acquirer_id) = 4),
      merchant_id bytea not null check (octet_length(merchant_id) = 4),
      limits text not null,
      invited_by text not null,
      invited_at bigint not null,
      expires_at bigint not null,
      used_at bigint,
      request_hash bytea,
      certificate bytea,
      connection bytea
    )`.execute(db);
}
