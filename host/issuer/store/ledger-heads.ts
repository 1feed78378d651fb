/** The last link of each owner's chain of events, under a row lock while events are added. */
import { sql } from 'kysely';
import { arrayOf } from './copy.js';
import type { Tx } from './database.js';
import { noHash } from './ledger-chain.js';

export interface Head {
  /** Events booked so far. */
  seq: number;
  /** Of the last one, in hexadecimal. */
  hash: string;
  /** `seq` as it was read. */
  readonly from: number;
}

/** Locks the heads of these owners, in the order of their ids, and makes those that are missing. */
export async function lockHeads(tx: Tx, owners: readonly string[]): Promise<Map<string, Head>> {
  const wanted = [...new Set(owners)].sort();
  const heads = await lockKnown(tx, wanted);
  const missing = wanted.filter((owner) => !heads.has(owner));
  if (missing.length === 0) return heads;
  await sql`
    insert into ledger_head select owner, 0, decode(${noHash}, 'hex') from unnest(${arrayOf(missing)}::text[]) as owner
        on conflict do nothing`.execute(tx);
  for (const [owner, head] of await lockKnown(tx, missing)) heads.set(owner, head);
  return heads;
}

async function lockKnown(tx: Tx, owners: readonly string[]): Promise<Map<string, Head>> {
  const { rows } = await sql<{ owner: string; seq: bigint; hash: string }>`
    select owner, seq, encode(hash, 'hex') as hash from ledger_head
     where owner = any(${arrayOf(owners)}::text[]) order by owner for update`.execute(tx);
  return new Map(rows.map(({ owner, seq, hash }) => [owner, { seq: Number(seq), hash, from: Number(seq) }]));
}

export async function moveHeads(tx: Tx, heads: ReadonlyMap<string, Head>): Promise<void> {
  const moved = [...heads].filter(([, { seq, from }]) => seq !== from);
  const owners = arrayOf(moved.map(([owner]) => owner));
  const seqs = arrayOf(moved.map(([, { seq }]) => seq));
  const hashes = arrayOf(moved.map(([, { hash }]) => hash));
  await sql`
    update ledger_head set seq = moved.seq, hash = decode(moved.hash, 'hex')
      from unnest(${owners}::text[], ${seqs}::bigint[], ${hashes}::text[]) as moved (owner, seq, hash)
     where ledger_head.owner = moved.owner`.execute(tx);
}
