/**
 * Reconciliation by volume: one honest card's books, made by the issuer itself, are copied in SQL under as many card ids as it takes,
 * then everything is reconciled. Time should grow with the records, memory should not.
 */
import { sql } from 'kysely';
import { reconcile } from '../../host/issuer/jobs/reconcile.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import type { Store, Tx } from '../../host/issuer/store/database.js';
import { openServerStore } from '../../host/issuer/store/server.js';
import { PostgresServer, postgresql } from '../helpers/postgres-server.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';

export interface ReconcileRun {
  readonly database: 'PGlite' | 'PostgreSQL';
  readonly cards: number;
  readonly records: number;
  readonly seconds: number;
  /** Of this process while it ran; on PGlite the database is in it. */
  readonly peakMiB: number;
  /** The run agreed with the books: anything else is no measurement. */
  readonly holds: boolean;
}

export const usualSizes = [100_000, 1_000_000] as const;

/** @param sizes records; the embedded store takes the first alone */
export async function measureReconcile(
  sizes: readonly number[] = usualSizes,
): Promise<{ readonly runs: readonly ReconcileRun[]; readonly missing: string | undefined }> {
  const [smallest = usualSizes[0]] = sizes;
  const runs: ReconcileRun[] = [];
  const found = postgresql();
  if (!('missing' in found)) {
    const server = await PostgresServer.start();
    try {
      for (const size of sizes)
        runs.push(await measured('PostgreSQL', size, await openServerStore(await server.createDatabase())));
    } finally {
      await server.stop();
    }
  }
  // last, because it stays in this process and its memory
  runs.push(await measured('PGlite', smallest, undefined));
  return { runs, missing: 'missing' in found ? found.missing : undefined };
}

async function measured(
  database: ReconcileRun['database'],
  records: number,
  store: Store | undefined,
): Promise<ReconcileRun> {
  const site = await SoftIssuer.open(store);
  try {
    await fill(site, records);
    const began = process.hrtime.bigint();
    const memory = watchMemory();
    const { counts, holds } = await reconcile(site.issuer, { onProgress: memory.look });
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    return { database, cards: counts.cards, records: counts.records, seconds, peakMiB: memory.stop(), holds };
  } finally {
    await site.close();
  }
}

function watchMemory(): { look: () => void; stop: () => number } {
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage().rss);
  };
  look();
  const timer = setInterval(look, 50);
  return {
    look,
    stop: () => {
      clearInterval(timer);
      look();
      return Math.round(peak / 2 ** 20);
    },
  };
}

/** Records of the card that is copied: a load, sales at two terminals, a cancel. */
async function fill(site: SoftIssuer, records: number): Promise<void> {
  const card = await site.card();
  await site.load(card, 0, 400_00);
  const [one, other] = [await site.pos(), await site.pos()];
  for (let i = 0; i < 8; i++) {
    one.sell(card, 0, 5_00 + i);
    other.sell(card, 0, 1_00 + i);
  }
  other.sell(card, 0, 3_00);
  other.cancel(card);
  other.sell(card, 2, 4);
  for (const pos of [one, other]) await site.port.uploadBatch(pos.close());
  await copies(site.issuer.store, toHex(card.cardId), Math.ceil(records / card.nt) - 1);
}

const tables = [
  'card',
  'card_slot',
  'record',
  'signature_seen',
  'claim',
  'load',
  'ledger_event',
  'ledger_head',
  'transfer',
];

/** Rows of one card again under further ids, wherever the id stands. */
async function copies(store: Store, cardId: string, count: number): Promise<void> {
  await store.transaction((tx) => copyTables(tx, cardId, count), { unhurried: true });
  await sql`analyze`.execute(store.db);
}

async function copyTables(db: Tx, cardId: string, count: number): Promise<void> {
  // the rows are copies of good ones: to check each again would take longer than to reconcile them
  await sql`alter table transfer disable trigger user`.execute(db);
  for (const table of tables) {
    const { rows } = await sql<{ name: string }>`
      select column_name as name from information_schema.columns
       where table_schema = 'public' and table_name = ${table} order by ordinal_position`.execute(db);
    const owned = ['card_id', 'owner', 'debit_party', 'credit_party'];
    const columns = rows.map(({ name }) => sql.ref(name));
    const values = rows.map(({ name }) =>
      owned.includes(name) ? sql`replace(t.${sql.ref(name)}, ${cardId}, n.id)` : sql`t.${sql.ref(name)}`,
    );
    const key = table === 'ledger_event' || table === 'ledger_head' || table === 'transfer' ? 'owner' : 'card_id';
    await sql`
      insert into ${sql.table(table)} (${sql.join(columns)})
      select ${sql.join(values)}
        from (select lpad(to_hex(i), 16, '0') as id from generate_series(1, ${count}) i) n
        cross join ${sql.table(table)} t
       where t.${sql.ref(key)} = ${cardId}`.execute(db);
  }
  await sql`alter table transfer enable trigger user`.execute(db);
}

export function reconcileReport(runs: readonly ReconcileRun[]): string[] {
  return [
    'Reconciliation',
    ...runs.map(({ database, records, cards, seconds, peakMiB, holds }) => {
      const rate = Math.round(records / seconds / 1000);
      const size = `${String(records).padStart(9)} records of ${String(cards).padStart(7)} cards`;
      return `  ${database.padEnd(10)} ${size}  ${seconds.toFixed(1).padStart(6)} s  ${rate} k/s  peak ${peakMiB} MiB${holds ? '' : '  DIFFERENCES'}`;
    }),
  ];
}
