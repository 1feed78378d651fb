/**
 * Random histories of the issuer's books on both databases. Histories are independent, each with a seed of its own (the campaign's, and
 * one more for each further one), so a long look can be taken in pieces: a run of the same build and seed goes on where the last ended.
 */
import { onPglite, onServer, runHistory } from '../issuer/random/run.js';
import type { Installation } from '../issuer/random/run.js';
import { openServerStore } from '../../host/issuer/store/server.js';
import { PostgresServer, postgresql } from '../helpers/postgres-server.js';
import { root } from '../runner/run.js';
import { buildId } from '../support/build-id.js';
import { Lived } from './books/lived.js';
import type { Database } from './books/lived.js';
import { deadline, replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';
import { grouped } from './progress.js';

const name = 'books';
const historyLength = 500;
/** Of a long run, on each database: 100,000 steps. */
const longHistories = 200;

export const campaign: Campaign = {
  name,
  title:
    'what terminals say to the issuer, at random, on both databases: repeated, late, spoiled and several at once; the books balance after each',
  unit: 'operations',
  budgetMs: (long) => (long ? 2 * 3_600_000 : 60_000),
  run,
};

async function run(options: CampaignOptions): Promise<CampaignResult> {
  const { seed, long, budgetMs, report } = options;
  const lived = long ? Lived.of(root, buildId(root), seed) : Lived.afresh();
  const isOver = deadline(budgetMs);
  const histories = long ? longHistories : Infinity;
  const findings: Finding[] = [];
  const databases = await Databases.open();
  try {
    for (let i = 0; i < histories && findings.length === 0 && (i === 0 || !isOver()); i++) {
      for (const [database, install] of databases.all) {
        if (lived.has(database, seed + i) || findings.length > 0 || (long && isOver())) continue;
        const total = long ? { of: longHistories * historyLength * databases.all.length } : {};
        report({ done: lived.steps, ...total, at: `history ${i + 1} on ${database}` });
        const finding = await live(install, database, seed + i);
        if (finding === undefined) lived.add(database, seed + i, historyLength);
        else findings.push(finding);
      }
    }
  } finally {
    await databases.close();
  }
  const notes = [...lived.perDatabase().map(([database, steps]) => `${grouped(steps)} on ${database}`)];
  if (databases.missing !== undefined) notes.push(`not on a server: ${databases.missing}`);
  return { name, seed, unit: 'operations', done: lived.steps, findings, notes };
}

async function live(install: Installation, database: Database, seed: number): Promise<Finding | undefined> {
  try {
    await runHistory(install, seed, historyLength);
    return undefined;
  } catch (error) {
    const [where = '', ...story] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { seed, where: `${database}: ${where}`, story, replay: `${replayOf(name, seed)} --seconds 1` };
  }
}

/** Where a history may be lived: always embedded, and on a server of its own where PostgreSQL is installed. */
class Databases {
  private constructor(
    readonly all: readonly (readonly [Database, Installation])[],
    readonly missing: string | undefined,
    private readonly server: PostgresServer | undefined,
  ) {}

  static async open(): Promise<Databases> {
    const found = postgresql();
    const embedded = ['PGlite', onPglite] as const;
    if ('missing' in found) return new Databases([embedded], found.missing, undefined);
    const server = await PostgresServer.start({ settings: { fsync: 'off', full_page_writes: 'off' } });
    const migrated = await server.createDatabase();
    await (await openServerStore(migrated)).close();
    const template = new URL(migrated).pathname.slice(1);
    let last: string | undefined;
    const fresh = async (): Promise<string> => {
      if (last !== undefined) await server.dropDatabase(last);
      return (last = await server.createDatabase(template));
    };
    return new Databases([embedded, ['PostgreSQL', onServer(fresh)]], undefined, server);
  }

  async close(): Promise<void> {
    await this.server?.stop();
  }
}
