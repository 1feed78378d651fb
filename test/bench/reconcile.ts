/**
 * Reconciliation by volume: one honest card's books, made by the issuer itself, are copied in SQL under as many card ids as it takes,
 * then everything is reconciled. Time should grow with the records, memory should not.
 */
import { sql } from 'kysely';
import { addUp, today } from '../../host/issuer/operator/queries/today.js';
import { Kept } from '../../host/issuer/ops/kept.js';
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
  /** Of this process while it ran: whole, and JavaScript's heap; on PGlite the database is in the first. */
  readonly peakMiB: number;
  readonly heapMiB: number;
  /** The dashboard's first page on the same volume, milliseconds: for the first who asks, and for everybody after him. */
  readonly addUpMs: number;
  readonly todayMs: number;
  /** The run agreed with the books: anything else is no measurement. */
  readonly holds: boolean;
}

/** Records; the second takes minutes. */
export const usualSizes = { short: 100_000, long: 1_000_000 } as const;

/** No checkpoint in the middle of filling, and what a server with a solid-state disk has anyway. */
const settings = { shared_buffers: '512MB', max_wal_size: '8GB', random_page_cost: '1.1', jit: 'off' };

/**
 * @param sizes records
 * @param embedded records on the embedded store, which is in this process and its memory, so it comes last; 0: none
 * @param progress told what is done
 */
export async function measureReconcile(
  sizes: readonly number[],
  embedded: number,
  progress: (what: string) => void = () => undefined,
): Promise<readonly ReconcileRun[]> {
  const runs: ReconcileRun[] = [];
  if (!('missing' in postgresql())) {
    const server = await PostgresServer.start({ settings });
    try {
      for (const size of sizes) {
        const url = await server.createDatabase();
        runs.push(await measured('PostgreSQL', size, await openServerStore(url), progress));
        await server.dropDatabase(url);
      }
    } finally {
      await server.stop();
    }
  }
  if (embedded > 0) runs.push(await measured('PGlite', embedded, undefined, progress));
  return runs;
}

async function measured(
  database: ReconcileRun['database'],
  size: number,
  store: Store | undefined,
  progress: (what: string) => void,
): Promise<ReconcileRun> {
  const site = await SoftIssuer.open(store);
  try {
    progress(`${database}: making ${size} records`);
    await fill(site, size);
    progress(`${database}: reconciling`);
    const began = process.hrtime.bigint();
    const memory = watchMemory();
    const { counts, holds } = await reconcile(site.issuer, { onProgress: memory.look });
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    const { cards, records } = counts;
    const peak = memory.stop();
    const figures = new Kept(() => addUp(site.issuer));
    const page = async (): Promise<number> => {
      const asked = performance.now();
      await today(site.issuer, await figures.get());
      return Math.round(performance.now() - asked);
    };
    return { database, cards, records, seconds, ...peak, addUpMs: await page(), todayMs: await page(), holds };
  } finally {
    await site.close();
  }
}

function watchMemory(): { look: () => void; stop: () => Pick<ReconcileRun, 'peakMiB' | 'heapMiB'> } {
  const peak = { rss: 0, heap: 0 };
  const look = (): void => {
    const { rss, heapUsed } = process.memoryUsage();
    peak.rss = Math.max(peak.rss, rss);
    peak.heap = Math.max(peak.heap, heapUsed);
  };
  look();
  const timer = setInterval(look, 50);
  const mebi = (bytes: number): number => Math.round(bytes / 2 ** 20);
  return {
    look,
    stop: () => {
      clearInterval(timer);
      look();
      return { peakMiB: mebi(peak.rss), heapMiB: mebi(peak.heap) };
    },
  };
}

/** Records of the card that is copied: a load, sales at two terminals, a cancel. */
async function fill(site: SoftIssuer, records: number): Promise<void> {
  const card = await site.fundedCard(400_00);
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

const tables = ['card', 'record', 'signature_seen', 'load', 'ledger_event', 'ledger_head'];

/** Cards copied in one SQL transaction. */
const piece = 2_000;

/** Rows of one card again under further ids, wherever the id stands. */
async function copies(store: Store, cardId: string, count: number): Promise<void> {
  for (let from = 1; from <= count; from += piece)
    await store.transaction((tx) => copyTables(tx, cardId, from, Math.min(count, from + piece - 1)), {
      unhurried: true,
    });
  await store.transaction((tx) => sql`analyze`.execute(tx), { unhurried: true });
}

async function copyTables(tx: Tx, cardId: string, from: number, to: number): Promise<void> {
  for (const table of tables) {
    const { rows } = await sql<{ name: string }>`
      select column_name as name from information_schema.columns
       where table_schema = 'public' and table_name = ${table} order by ordinal_position`.execute(tx);
    const columns = rows.map(({ name }) => sql.ref(name));
    const values = rows.map(({ name }) => {
      const value = sql`t.${sql.ref(name)}`;
      if (['card_id', 'owner'].includes(name)) return sql`replace(${value}, ${cardId}, n.id)`;
      return ['debits', 'credits'].includes(name) ? sql`replace(${value}::text, ${cardId}, n.id)::text[]` : value;
    });
    const key = table === 'ledger_event' || table === 'ledger_head' ? 'owner' : 'card_id';
    await sql`
      insert into ${sql.table(table)} (${sql.join(columns)})
      select ${sql.join(values)}
        from (select lpad(to_hex(i), 16, '0') as id from generate_series(${sql.lit(from)}::int, ${sql.lit(to)}::int) i) n
        cross join ${sql.table(table)} t
       where t.${sql.ref(key)} = ${cardId}`.execute(tx);
  }
}

export function reconcileReport(runs: readonly ReconcileRun[]): string[] {
  return runs.map(({ database, records, cards, seconds, peakMiB, heapMiB, addUpMs, todayMs, holds }) => {
    const size = `${records} records of ${cards} cards`;
    const rate = `${Math.round(records / seconds)}/s`;
    const memory = `peak ${peakMiB} MiB, heap ${heapMiB} MiB, today's page ${addUpMs} ms at first, then ${todayMs} ms`;
    return `reconciled on ${database.padEnd(10)} ${size.padStart(36)}  ${seconds.toFixed(1)} s  ${rate}  ${memory}${holds ? '' : '  DIFFERENCES'}`;
  });
}
