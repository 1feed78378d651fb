/** Arbitrary bytes for every parser of the host's: a typed error or a value, never a crash or a hang. */
import { parsers } from '../helpers/parsers.js';
import { deadline, replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';
import { Watched } from './parsers/watched.js';

export const campaign: Campaign = {
  name: 'parsers',
  title: 'arbitrary and nearly right bytes for every parser of host and issuer',
  unit: 'inputs',
  budgetMs: (long) => (long ? 1_800_000 : 30_000),
  run,
};

/** Of one parser, for its inputs of one round; they take some thirty milliseconds. */
const patienceMs = 30_000;
const inputs = 200;

async function run({ seed, long, budgetMs, report }: CampaignOptions): Promise<CampaignResult> {
  const isOver = deadline(budgetMs);
  const watched = new Watched(new URL('./parsers/worker.js', import.meta.url), patienceMs);
  const findings: Finding[] = [];
  const broken = new Set<string>();
  let done = 0;
  const rounds = long ? 1000 : 10;
  let round = 0;
  try {
    for (; round < rounds && !isOver(); round++) {
      for (const { name } of parsers) {
        if (isOver() || broken.has(name)) continue;
        report({ done, at: name });
        const found = await watched.attempt({ parser: name, seed: seed + round, runs: inputs });
        done += found.runs;
        if (found.story === undefined) continue;
        broken.add(name);
        findings.push({ seed, where: name, story: found.story, replay: replayOf('parsers', seed, long) });
      }
    }
  } finally {
    await watched.end();
  }
  const notes = [`${parsers.length} parsers, ${round} rounds`];
  return { name: 'parsers', seed, unit: 'inputs', done, isWhole: round === rounds && !isOver(), findings, notes };
}
