/**
 * APDUs that nobody would send, to the applet with its branches watched: `epurse.Fuzzer` in Java. `epurse.FuzzerTeeth` shows beside it that
 * it finds each thing that it looks for, in applets that have it.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from '../runner/run.js';
import { replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';
import { javaCampaign } from './java.js';

const figures = z.object({
  inputs: z.number(),
  commands: z.number(),
  refused: z.number(),
  corpus: z.number(),
  branchesTaken: z.number(),
  branches: z.number(),
});

export const campaign: Campaign = {
  name: 'apdus',
  title: 'made-up APDUs in clear and inside sessions, led by the branches they reach',
  unit: 'APDUs',
  budgetMs: (long) => (long ? 3_600_000 : 60_000),
  run,
};

async function run({ seed, long, budgetMs, report }: CampaignOptions): Promise<CampaignResult> {
  const file = join(root, 'applet', 'target', 'fuzz.json');
  rmSync(file, { force: true });
  report({ done: 0, at: 'the simulator' });
  const inputs = long ? 1_000_000 : 10_000;
  const findings: Finding[] = [];
  try {
    await javaCampaign('epurse.FuzzTest,epurse.FuzzerTeeth', budgetMs, {
      'fuzz.inputs': String(inputs),
      'fuzz.seed': String(seed),
      'fuzz.report': file,
      'fuzz.seconds': String(Math.max(5, Math.round(budgetMs / 1000) - 30)),
    });
  } catch (error) {
    const story = (error instanceof Error ? error.message : String(error)).split('\n');
    const where = story.find((line) => line.includes('input ')) ?? 'the fuzzer broke off';
    findings.push({ seed, where, story, replay: replayOf('apdus', seed, long) });
    return { name: 'apdus', seed, unit: 'APDUs', done: 0, findings, notes: [] };
  }
  const found = figures.parse(JSON.parse(readFileSync(file, 'utf8')));
  const notes = [
    `${found.refused} of ${found.commands} refused, without a trace in the card; ${found.branchesTaken} of ${found.branches} branches reached, ${found.corpus} inputs kept`,
  ];
  return { name: 'apdus', seed, unit: 'APDUs', done: found.commands, isWhole: found.inputs >= inputs, findings, notes };
}
