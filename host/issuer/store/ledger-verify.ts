/**
 * Follows the chains of ledger events, owner after owner, page by page: every event as it was written, with the transfers it was
 * written with, up to the head; and where a seal was made, the hash it has.
 */
import { sql } from 'kysely';
import { contentOfRows, eventHash, noHash } from './ledger-chain.js';
import type { TransferRow } from './ledger-chain.js';
import type { Db } from './database.js';
import { groupBy } from './group.js';

interface EventOfChain {
  readonly owner: string;
  readonly id: string;
  readonly kind: string;
  readonly seq: bigint;
  readonly input_hash: string;
  readonly hash: string;
  readonly booked_at: bigint;
  /** Hash that a seal has of this event; null where none was made here. */
  readonly sealed: string | null;
}

interface TransferOfEvent extends TransferRow {
  readonly owner: string;
  readonly event_id: string;
}

/** Owners of one page: their events and transfers are held in memory together. */
const page = 200;

/** One sentence on the first place that does not hold, or undefined. */
export async function ledgerFlaw(db: Db): Promise<string | undefined> {
  for (let after = ''; ;) {
    const heads = await headsAfter(db, after);
    const last = heads.at(-1);
    if (last === undefined) return orphanFlaw(db);
    const flaw = await pageFlaw(db, heads, after, last.owner);
    if (flaw !== undefined) return flaw;
    after = last.owner;
  }
}

interface HeadRow {
  readonly owner: string;
  readonly seq: bigint;
  readonly hash: string;
}

async function headsAfter(db: Db, after: string): Promise<HeadRow[]> {
  const { rows } = await sql<HeadRow>`
    select owner, seq, encode(hash, 'hex') as hash from ledger_head where owner > ${after}
     order by owner limit ${page}`.execute(db);
  return rows;
}

async function pageFlaw(db: Db, heads: readonly HeadRow[], after: string, last: string): Promise<string | undefined> {
  const { rows: events } = await sql<EventOfChain>`
    select e.owner, e.id, e.kind, e.seq, encode(e.input_hash, 'hex') as input_hash, encode(e.hash, 'hex') as hash,
           e.booked_at, encode(s.hash, 'hex') as sealed
      from ledger_event e left join ledger_seal s on s.owner = e.owner and s.seq = e.seq
     where e.owner > ${after} and e.owner <= ${last}
     order by e.owner, e.seq`.execute(db);
  const { rows: transfers } = await sql<TransferOfEvent>`
    select owner, event_id, debit_account, debit_party, credit_account, credit_party, unit, amount from transfer
     where owner > ${after} and owner <= ${last} order by owner, event_id, line`.execute(db);
  const eventsOf = groupBy(events, ({ owner }) => owner);
  const transfersOf = groupBy(transfers, ({ owner, event_id }) => `${owner} ${event_id}`);
  for (const head of heads) {
    const flaw = chainFlaw(head, eventsOf.get(head.owner) ?? [], transfersOf);
    if (flaw !== undefined) return flaw;
    eventsOf.delete(head.owner);
  }
  const [stray] = eventsOf.keys();
  return stray === undefined ? undefined : `Events of ${stray} are there, but no head of its chain.`;
}

function chainFlaw(
  head: HeadRow,
  events: readonly EventOfChain[],
  transfersOf: ReadonlyMap<string, readonly TransferRow[]>,
): string | undefined {
  const { owner } = head;
  let hash = noHash;
  for (const [i, event] of events.entries()) {
    const { id, kind, seq, booked_at } = event;
    if (seq !== BigInt(i + 1)) return `Event ${i + 1} of ${owner} is missing; ${seq} (${id}) comes next.`;
    if (contentOfRows(kind, transfersOf.get(`${owner} ${id}`) ?? []) !== event.input_hash)
      return `The transfers of event ${id} of ${owner} are not those that were booked.`;
    const row = { owner, seq: i + 1, id, kind, inputHash: event.input_hash, bookedAt: Number(booked_at) };
    hash = eventHash(hash, row);
    if (hash !== event.hash) return `Event ${id} of ${owner} is not what was booked.`;
    if (event.sealed !== null && event.sealed !== hash)
      return `The chain of ${owner} up to event ${id} is not the one that was sealed.`;
  }
  if (head.seq !== BigInt(events.length))
    return `Event ${events.length + 1} of ${owner} is missing; its chain ends before its head, ${head.seq}.`;
  return head.hash === hash ? undefined : `The head of the chain of ${owner} is not its last event.`;
}

/** What belongs to nothing: no statement of the issuer leaves such a row. */
async function orphanFlaw(db: Db): Promise<string | undefined> {
  const { rows } = await sql<{ flaw: string }>`
    (select 'Events of ' || owner || ' are there, but no head of its chain.' as flaw from ledger_event e
      where not exists (select from ledger_head h where h.owner = e.owner) limit 1)
    union all
    (select 'Record ' || nt || ' belongs to no card: ' || card_id || '.' from record r
      where not exists (select from card c where c.card_id = r.card_id) limit 1)
    union all
    (select 'Entry ' || tn || ' of ' || terminal_id || ' belongs to no batch: ' || batch || '.' from batch_entry b
      where not exists (select from batch x where x.terminal_id = b.terminal_id and x.number = b.batch) limit 1)
    limit 1`.execute(db);
  return rows[0]?.flaw;
}
