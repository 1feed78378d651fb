/**
 * Random histories of the issuer's books on both databases. Histories are independent, each with a seed of its own (the campaign's, and
 * one more for each further one), so a long look can be taken in pieces: a run of the same build and seed goes on where the last ended.
 */
import { onPglite, onServer, runHistory } from '../issuer/random/run.js';
import type { Installation } from '../issuer/random/run.js';
import { root } from '../runner/run.js';
import { buildId } from '../support/build-id.js';
import { deadline, replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';
import { Databases } from './databases.js';
import { Lived } from './lived.js';
import type { Database } from './lived.js';
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
  const lived = long ? Lived.of(root, buildId(root), name, seed) : Lived.afresh();
  const isOver = deadline(budgetMs);
  const histories = long ? longHistories : Infinity;
  const findings: Finding[] = [];
  const databases = await Databases.open();
  const all = installations(databases);
  try {
    for (let i = 0; i < histories && findings.length === 0 && (i === 0 || !isOver()); i++) {
      for (const [database, install] of all) {
        if (lived.has(database, seed + i) || findings.length > 0 || (long && isOver())) continue;
        const total = long ? { of: longHistories * historyLength * all.length } : {};
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
function installations(databases: Databases): readonly (readonly [Database, Installation])[] {
  const embedded = ['PGlite', onPglite] as const;
  if (databases.missing !== undefined) return [embedded];
  let last: string | undefined;
  const fresh = async (): Promise<string> => {
    if (last !== undefined) await databases.drop(last);
    return (last = await databases.fresh());
  };
  return [embedded, ['PostgreSQL', onServer(fresh)]];
}
