/** Runs campaigns one after the other. */
import type { Campaign, CampaignResult } from './campaign.js';
import { replayOf } from './campaign.js';
import { ProgressLine } from './progress.js';
import type { Screen } from './progress.js';
import type { Ran } from './page.js';

export interface Settings {
  readonly seed: number;
  readonly long: boolean;
  /** For each campaign, in place of its own. */
  readonly budgetMs?: number;
  readonly screen: Screen;
}

export async function runCampaign(campaign: Campaign, settings: Settings): Promise<Ran> {
  const { seed, long, screen, budgetMs = campaign.budgetMs(long) } = settings;
  const line = new ProgressLine(screen, campaign.name, budgetMs);
  const begun = Date.now();
  const result = await campaign
    .run({ seed, long, budgetMs, report: (progress) => line.show(progress) })
    .catch((error: unknown) => broken(campaign, seed, long, error));
  line.end();
  const tookMs = Date.now() - begun;
  const isBrief = result.isWhole === undefined ? budgetMs < campaign.budgetMs(false) : !result.isWhole;
  return { campaign, seconds: tookMs / 1000, isBrief, result: checked(result, campaign, seed, long) };
}

/** A campaign that fell over has shown nothing. */
function broken({ name, unit }: Campaign, seed: number, long: boolean, error: unknown): CampaignResult {
  const story = (error instanceof Error ? (error.stack ?? error.message) : String(error)).split('\n');
  const finding = { seed, where: 'the campaign itself broke off', story, replay: replayOf(name, seed, long) };
  return { name, seed, unit, done: 0, findings: [finding], notes: [] };
}

/** One that did nothing has shown nothing either. */
function checked(result: CampaignResult, { name }: Campaign, seed: number, long: boolean): CampaignResult {
  if (result.done > 0 || result.findings.length > 0) return result;
  const finding = { seed, where: 'the campaign did nothing', story: [], replay: replayOf(name, seed, long) };
  return { ...result, findings: [finding] };
}
