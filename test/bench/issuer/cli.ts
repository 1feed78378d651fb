/**
 * `epurse bench issuer`: payments verified and durably committed against what OpenSSL does on the same cores, in one run. The
 * machine should have nothing else to do: on a busy one OpenSSL and the issuer get unequal shares of it.
 */
import type { Outcome, Run } from '../../../host/cli/command-line.js';
import type { Fields } from '../../../host/cli/output.js';
import { Failure } from '../../../host/terminal/outcome.js';
import { measureReconcile, reconcileReport, usualSizes } from '../reconcile.js';
import { openMemoryStore } from '../../../host/issuer/store/embedded.js';
import { openServerStore } from '../../../host/issuer/store/server.js';
import type { SoftIssuer } from '../../helpers/soft-issuer.js';
import { PostgresServer, postgresql } from '../../helpers/postgres-server.js';
import { checkBooks, clearAll, verifyStage } from './measure.js';
import type { Days, Rate } from './measure.js';
import { opensslVerifyRate } from './openssl.js';
import { fundCards, issueCards, openSite, paymentsOf, sellAll } from './workload.js';
import type { WorkloadSize } from './workload.js';

const onServer: WorkloadSize = { cards: 1200, shops: 6, visits: 2, batches: 12 };
const inProcess: WorkloadSize = { cards: 400, shops: 4, visits: 2, batches: 6 };
/** Of the cards that are funded, and of each shop's batches: until then the compiler is at work. */
const warmUp = 1 / 3;

/** What anybody would set on a machine with a solid-state disk; fsync and synchronous_commit stay on, as they come. */
const settings = { shared_buffers: '512MB', max_wal_size: '4GB', random_page_cost: '1.1', jit: 'off' };

export async function run(given: Run): Promise<Outcome> {
  const { reconcile, long } = given.options as { reconcile?: string; long?: boolean };
  if (reconcile !== undefined) return reconciliation(given, [sizeOf(reconcile)], 0);
  const payments = await measurePayments(given);
  const sizes = long === true ? [usualSizes.short, usualSizes.long] : [usualSizes.short];
  return { ...payments, ...(await reconciliation(given, sizes, usualSizes.short)) };
}

function sizeOf(text: string): number {
  const size = /^[1-9]\d{2,7}$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(size))
    throw new Failure('usage', `"${text}" is no number of records.`, { next: 'Say --reconcile 100 to 99999999.' });
  return size;
}

async function reconciliation({ out }: Run, sizes: readonly number[], embedded: number): Promise<Fields> {
  const runs = await measureReconcile(sizes, embedded, (what) => out.say(what));
  if (runs.length === 0) out.say('reconciliation: not measured, PostgreSQL is not installed');
  for (const line of reconcileReport(runs)) out.say(line);
  return { reconciliation: runs.map((one) => ({ ...one })) };
}

async function measurePayments({ out }: Run): Promise<Fields> {
  const server = await measureServer();
  const embedded = await measureEmbedded();
  const { openssl, verified, durable, authorisations } = server ?? {};
  const whole = (value: number): string => String(Math.round(value));
  if (server === undefined) out.say('PostgreSQL server: not measured, it is not installed');
  if (openssl !== undefined && verified !== undefined && durable !== undefined && authorisations !== undefined) {
    const line = (what: string, { perSecond, nodeMicros }: Rate): string =>
      `${what.padEnd(40)} ${whole(perSecond).padStart(7)}/s  ${(perSecond / openssl).toFixed(2)} of OpenSSL  ${whole(nodeMicros)} µs of node's processor time each`;
    out.say(`${'openssl speed, all cores, verifications'.padEnd(40)} ${whole(openssl).padStart(7)}/s`);
    out.say(line('payments verified', verified));
    out.say(line('payments durable on PostgreSQL', durable));
    out.say(
      `${'authorisations, 8 in flight'.padEnd(40)} ${whole(authorisations.perSecond).padStart(7)}/s  p99 ${whole(authorisations.p99Ms)} ms`,
    );
  }
  out.say(`${'payments on PGlite in memory'.padEnd(40)} ${whole(embedded.perSecond).padStart(7)}/s`);
  return {
    verifyShareOfOpenssl: server === undefined ? null : server.verified.perSecond / server.openssl,
    durableShareOfOpenssl: server === undefined ? null : server.durable.perSecond / server.openssl,
    opensslVerificationsPerSecond: openssl ?? null,
    paymentsPerSecond: { server: durable?.perSecond ?? null, embedded: embedded.perSecond },
    authorisations: authorisations ?? null,
  };
}

interface OnServer {
  /** Verifications a second of all cores, before and after. */
  readonly openssl: number;
  readonly verified: Rate;
  readonly durable: Rate;
  readonly authorisations: { readonly perSecond: number; readonly p99Ms: number };
}

async function measureServer(): Promise<OnServer | undefined> {
  if ('missing' in postgresql()) return undefined;
  const server = await PostgresServer.start({ settings, socket: true });
  const nameOf = (url: string): string => new URL(url).pathname.slice(1);
  const on = async <T>(database: string, work: (site: SoftIssuer) => Promise<T>): Promise<T> => {
    const site = await openSite(await openServerStore(server.socketUrl(database)));
    return work(site).finally(() => site.close());
  };
  try {
    const funded = nameOf(await server.createDatabase());
    const { authorisations, days } = await on(funded, async (site) => {
      const cards = await issueCards(site, onServer.cards);
      return { authorisations: await fundCards(site, cards, warmUp), days: await sellAll(site, cards, onServer) };
    });
    // the compiler has done its work, for reading, deciding and writing, when the same days were cleared in a copy before
    const rehearsal = await server.createDatabase(funded);
    await on(nameOf(rehearsal), (site) => clearAll(site, days, paymentsOf(onServer)));
    await server.dropDatabase(rehearsal);
    return await on(nameOf(await server.createDatabase(funded)), async (site) => {
      const before = opensslVerifyRate();
      const verified = await verifyWarm(site, days, onServer);
      const durable = await clearWarm(site, days, onServer);
      const openssl = (before + opensslVerifyRate()) / 2;
      return { openssl, verified, durable, authorisations };
    });
  } finally {
    await server.stop();
  }
}

async function measureEmbedded(): Promise<Rate> {
  const site = await openSite(await openMemoryStore());
  try {
    const cards = await issueCards(site, inProcess.cards);
    await fundCards(site, cards);
    return await clearWarm(site, await sellAll(site, cards, inProcess), inProcess);
  } finally {
    await site.close();
  }
}

/** Checks the signatures of everything, and measures what comes after the warm-up, in which each card's key is set up. */
async function verifyWarm(site: SoftIssuer, days: Days, size: WorkloadSize): Promise<Rate> {
  const from = Math.round(size.batches * warmUp);
  const all = paymentsOf(size);
  const [first, rest] = [days.map((batches) => batches.slice(0, from)), days.map((batches) => batches.slice(from))];
  await verifyStage(site, first, (all * from) / size.batches);
  return verifyStage(site, rest, (all * (size.batches - from)) / size.batches);
}

/** Clears everything, and measures what comes after the warm-up. */
async function clearWarm(site: SoftIssuer, days: Days, size: WorkloadSize): Promise<Rate> {
  const from = Math.round(size.batches * warmUp);
  const all = paymentsOf(size);
  await clearAll(
    site,
    days.map((batches) => batches.slice(0, from)),
    (all * from) / size.batches,
  );
  const rest = days.map((batches) => batches.slice(from));
  const rate = await clearAll(site, rest, (all * (size.batches - from)) / size.batches);
  await checkBooks(site, all);
  return rate;
}
