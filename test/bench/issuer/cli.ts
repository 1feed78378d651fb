/** `epurse bench issuer`: payments verified and durably committed against what OpenSSL does on the same cores, in one run. */
import type { Outcome, Run } from '../../../host/cli/command-line.js';
import { openMemoryStore } from '../../../host/issuer/store/embedded.js';
import { openServerStore } from '../../../host/issuer/store/server.js';
import { PostgresServer } from '../../helpers/postgres-server.js';
import { clearAll, verifyStage } from './measure.js';
import { opensslVerifyRate } from './openssl.js';
import { fundCards, issueCards, openSite, paymentsOf, sellAll } from './workload.js';
import type { WorkloadSize } from './workload.js';

const onServer: WorkloadSize = { cards: 2000, shops: 8, visits: 2, batches: 10 };
const embedded: WorkloadSize = { cards: 400, shops: 4, visits: 2, batches: 5 };

/** fsync and synchronous_commit stay on, as they come. */
const settings = { shared_buffers: '512MB', max_wal_size: '4GB', wal_compression: 'off' };

export async function run({ out }: Run): Promise<Outcome> {
  const server = await PostgresServer.start({ settings });
  try {
    const measured = await measureServer(await server.createDatabase());
    out.say(JSON.stringify(measured));
    const lite = await measureEmbedded();
    out.say(JSON.stringify(lite));
    return { ...measured, ...lite };
  } finally {
    await server.stop();
  }
}

async function measureServer(url: string) {
  const site = await openSite(await openServerStore(url));
  try {
    const cards = await issueCards(site, onServer.cards);
    const start = performance.now();
    const took = (await fundCards(site, cards)).sort((a, b) => a - b);
    const authoriseSeconds = (performance.now() - start) / 1000;
    const days = await sellAll(site, cards, onServer);
    const before = opensslVerifyRate();
    const verified = await verifyStage(site, days);
    const between = opensslVerifyRate();
    const durable = await clearAll(site, days, paymentsOf(onServer));
    const after = opensslVerifyRate();
    return {
      openssl: [before, between, after],
      verified,
      durable,
      verifyShareOfOpenssl: verified / ((before + between) / 2),
      durableShareOfOpenssl: durable / ((between + after) / 2),
      authorisationsPerSecond: took.length / authoriseSeconds,
      p99: took[Math.floor(took.length * 0.99)] ?? 0,
    };
  } finally {
    await site.close();
  }
}

async function measureEmbedded() {
  const site = await openSite(await openMemoryStore());
  try {
    const cards = await issueCards(site, embedded.cards);
    await fundCards(site, cards);
    return { embedded: await clearAll(site, await sellAll(site, cards, embedded), paymentsOf(embedded)) };
  } finally {
    await site.close();
  }
}
