/** Runs campaigns one after the other. */
import { setTimeout as pause } from 'node:timers/promises';
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

/** A Ctrl-C reaches a campaign's own processes too, and the campaign may break off before this process hears of it. */
const hearingMs = 100;

/**
 * What was run whole before somebody interrupted; the campaign in which that happened has shown nothing, and found nothing.
 *
 * @param interrupted aborted by Ctrl-C
 */
export async function* untilInterrupted(
  names: readonly string[],
  interrupted: AbortSignal,
  run: (name: string) => Promise<Ran>,
): AsyncGenerator<Ran, void, void> {
  const interruption = new Promise<void>((resolve) => interrupted.addEventListener('abort', () => resolve()));
  for (const name of names) {
    const ran = await Promise.race([run(name), interruption]);
    await pause(hearingMs);
    if (ran === undefined || interrupted.aborted) return;
    yield ran;
  }
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
