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
import { clearAll } from './measure.js';
import type { Days, Rate } from './measure.js';
import { clearWarm, measureRounds, middle } from './rounds.js';
import type { Part, Rounds, Share } from './rounds.js';
import { fundCards, issueCards, openSite, paymentsOf, sellAll } from './workload.js';
import type { WorkloadSize } from './workload.js';

/** As many shops as the store has connections: with fewer, the cores wait for commits. */
const onServer: WorkloadSize = { cards: 1600, shops: 8, visits: 2, batches: 12 };
const inProcess: WorkloadSize = { cards: 400, shops: 4, visits: 2, batches: 6 };
/** Of the cards that are funded, and of each shop's batches: until then the compiler is at work. */
const warmUp = 1 / 4;
const roundsOnServer = 3;

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
  if (server === undefined) out.say('PostgreSQL server: not measured, it is not installed');
  else for (const line of serverReport(server)) out.say(line);
  out.say(`${'payments on PGlite in memory'.padEnd(40)} ${whole(embedded.perSecond)}/s`);
  const durable = server === undefined ? undefined : middle(server.durable);
  return {
    verifyShareOfOpenssl: server === undefined ? null : middle(server.verified).share,
    durableShareOfOpenssl: durable?.share ?? null,
    opensslVerificationsPerSecond: server?.openssl ?? null,
    paymentsPerSecond: { server: durable?.perSecond ?? null, embedded: embedded.perSecond },
    authorisations: server?.authorisations ?? null,
  };
}

function serverReport({ openssl, verified, durable, authorisations }: OnServer): string[] {
  const line = (what: string, shares: readonly Share[]): string => {
    const { perSecond, share, nodeMicros } = middle(shares);
    const all = shares.map((one) => one.share.toFixed(2)).join(', ');
    return `${what.padEnd(40)} ${whole(perSecond)}/s  ${share.toFixed(2)} of OpenSSL (rounds: ${all})  ${Math.round(nodeMicros)} µs of node's processor time each`;
  };
  return [
    `${'openssl speed, all cores, verifications'.padEnd(40)} ${whole(openssl)}/s`,
    line('payments verified', verified),
    line('payments durable on PostgreSQL', durable),
    `${'authorisations, 8 in flight'.padEnd(40)} ${whole(authorisations.perSecond)}/s  p99 ${Math.round(authorisations.p99Ms)} ms`,
  ];
}

function whole(rate: number): string {
  return String(Math.round(rate)).padStart(7);
}

interface OnServer extends Rounds {
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
    const onCopy = async <T>(work: (site: SoftIssuer) => Promise<T>): Promise<T> => {
      const copy = await server.createDatabase(funded);
      const result = await on(nameOf(copy), work);
      await server.dropDatabase(copy);
      return result;
    };
    // the compiler has done its work, for reading, deciding and writing, when the same days were cleared in a copy before
    await onCopy((site) => clearAll(site, days, paymentsOf(onServer)));
    const { first, rest } = afterWarmUp(days, onServer);
    return { ...(await measureRounds(roundsOnServer, onCopy, first, rest)), authorisations };
  } finally {
    await server.stop();
  }
}

async function measureEmbedded(): Promise<Rate> {
  const site = await openSite(await openMemoryStore());
  try {
    const cards = await issueCards(site, inProcess.cards);
    await fundCards(site, cards);
    const { first, rest } = afterWarmUp(await sellAll(site, cards, inProcess), inProcess);
    return await clearWarm(site, first, rest);
  } finally {
    await site.close();
  }
}

/** What the compiler needs, and each card's key, and what is measured after it. */
function afterWarmUp(days: Days, size: WorkloadSize): { readonly first: Part; readonly rest: Part } {
  const from = Math.round(size.batches * warmUp);
  const payments = (paymentsOf(size) * from) / size.batches;
  return {
    first: { days: days.map((batches) => batches.slice(0, from)), payments },
    rest: { days: days.map((batches) => batches.slice(from)), payments: paymentsOf(size) - payments },
  };
}
