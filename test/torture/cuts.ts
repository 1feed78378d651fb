/** Power cuts at every persistent write of every command of every dialogue. */
import { allFlows } from '../tear/flows/all.js';
import { tearSource } from '../tear/source.js';
import { sweep } from '../tear/sweep.js';
import { deadline, replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';

export const campaign: Campaign = {
  name: 'cuts',
  title: 'power fails before each persistent write of each command, and after the last',
  unit: 'cuts',
  budgetMs: (long) => (long ? 3_600_000 : 60_000),
  run,
};

async function run({ seed, long, budgetMs, report }: CampaignOptions): Promise<CampaignResult> {
  const isOver = deadline(budgetMs);
  const findings: Finding[] = [];
  const left: string[] = [];
  let done = 0;
  for (const flow of allFlows(tearSource)) {
    if (isOver()) {
      left.push(flow.name);
      continue;
    }
    report({ done, at: flow.name });
    try {
      done += (await sweep(flow)).points;
    } catch (error) {
      const [where = '', ...story] = (error instanceof Error ? error.message : String(error)).split('\n');
      findings.push({ seed, where, story, replay: replayOf('cuts', seed, long) });
    }
  }
  const notes = left.length === 0 ? [] : [`left out, no time: ${left.join(', ')}`];
  return { name: 'cuts', seed, unit: 'cuts', done, findings, notes };
}
