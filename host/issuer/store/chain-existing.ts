/** For the migration that brought the chains: events booked before it become links in the order in which they were booked. */
import { sql } from 'kysely';
import type { QueryExecutorProvider } from 'kysely';
import { contentOfRows, eventHash, noHash } from './ledger-chain.js';
import type { TransferRow } from './ledger-chain.js';

interface EventBefore {
  readonly owner: string;
  readonly id: string;
  readonly kind: string;
  readonly booked_at: string;
}

const page = 1000;

export async function chainExistingEvents(db: QueryExecutorProvider): Promise<void> {
  await sql`alter table ledger_event disable trigger append_only`.execute(db);
  for (let after = ''; ;) {
    const owners = await sql<{ owner: string }>`
      select distinct owner from ledger_event where owner > ${after} order by owner limit ${page}`.execute(db);
    for (const { owner } of owners.rows) await chainOwner(db, owner);
    const last = owners.rows.at(-1);
    if (last === undefined) break;
    after = last.owner;
  }
  await sql`alter table ledger_event enable trigger append_only`.execute(db);
}

async function chainOwner(db: QueryExecutorProvider, owner: string): Promise<void> {
  const events = await sql<EventBefore>`
    select owner, id, kind, booked_at::text from ledger_event
     where owner = ${owner} order by booked_at, id`.execute(db);
  const transfers = await sql<{ event_id: string; amount: string } & Omit<TransferRow, 'amount'>>`
    select event_id, debit_account, debit_party, credit_account, credit_party, unit, amount::text from transfer
     where owner = ${owner} order by event_id, line`.execute(db);
  let hash = noHash;
  for (const [i, event] of events.rows.entries()) {
    const mine = transfers.rows.filter(({ event_id }) => event_id === event.id);
    const content = mine.map((transfer) => ({ ...transfer, amount: BigInt(transfer.amount) }));
    const inputHash = contentOfRows(event.kind, content);
    hash = eventHash(hash, { ...event, seq: i + 1, inputHash, bookedAt: Number(event.booked_at) });
    await sql`
      update ledger_event set seq = ${i + 1}, hash = decode(${hash}, 'hex'), input_hash = decode(${inputHash}, 'hex')
       where owner = ${owner} and id = ${event.id}`.execute(db);
  }
  await sql`insert into ledger_head values (${owner}, ${events.rows.length}, decode(${hash}, 'hex'))`.execute(db);
}
