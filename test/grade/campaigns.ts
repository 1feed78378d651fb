/** What campaigns showed of this very build; of any other, that they did not run. */
import { campaignIds, campaignNames } from '../torture/campaigns.js';
import { kept } from '../torture/results.js';
import type { StoredResult } from '../torture/results.js';

/**
 * `held`: ran on this build and found nothing. `held briefly`: the same, but it did less than it usually does. `other build`: its last
 * result is of other sources. `damaged`: the file of its last result is not what it has written.
 */
export type CampaignState = 'held' | 'held briefly' | 'gave way' | 'other build' | 'damaged' | 'not run';

/** Of these figures are shown. */
export function isOfThisBuild(state: CampaignState): boolean {
  return state === 'held' || state === 'held briefly' || state === 'gave way';
}

export interface CampaignFigures {
  readonly name: string;
  readonly state: CampaignState;
  /** Of the requirements and properties it puts to the test. */
  readonly ids: readonly string[];
  /** Its last result, where there is one; of another build unless {@link isOfThisBuild}. */
  readonly result: StoredResult | undefined;
}

/** @param build of the sources that are graded; undefined where nobody can tell, which nothing is shown for */
export function campaignFigures(
  root: string,
  build: string | undefined,
  names: readonly string[] = campaignNames,
): CampaignFigures[] {
  const { results, damaged } = kept(root);
  return names.map((name) => {
    const result = results.find((one) => one.name === name);
    const state = damaged.includes(name) ? 'damaged' : stateOf(result, build);
    return { name, state, ids: campaignIds[name] ?? [], result };
  });
}

function stateOf(result: StoredResult | undefined, build: string | undefined): CampaignState {
  if (result === undefined) return 'not run';
  if (build === undefined || result.build !== build) return 'other build';
  if (result.findings > 0) return 'gave way';
  if (result.done === 0) return 'not run';
  return result.usualSeconds === undefined ? 'held' : 'held briefly';
}

/** For one requirement, in a line: which campaigns put it to the test, and how much of that was done on this build. */
export function campaignsFor(id: string, campaigns: readonly CampaignFigures[]): string {
  return campaigns
    .filter(({ ids }) => ids.includes(id))
    .map(({ name, state, result }) =>
      result !== undefined && isOfThisBuild(state)
        ? `${name}: ${result.done.toLocaleString('en')} ${result.unit}, ${state}`
        : `${name}: not run on these sources`,
    )
    .join('; ');
}

/** Names of the campaigns that put a requirement to the test and found something on these sources. */
export function campaignsThatGaveWay(id: string, campaigns: readonly CampaignFigures[]): string[] {
  return campaigns.filter(({ ids, state }) => state === 'gave way' && ids.includes(id)).map(({ name }) => name);
}

/** What is told below {@link inWords}: what it found on these sources, then its notes. */
export function details({ state, result }: CampaignFigures): readonly string[] {
  return isOfThisBuild(state) && result !== undefined ? [...(result.found ?? []), ...result.notes] : [];
}

/** In a sentence: what was done, or why there is nothing to show. */
export function inWords({ state, result }: CampaignFigures): string {
  if (state === 'damaged') return 'nothing to show: the file of its last result is not what it has written';
  if (result === undefined) return 'not run';
  const figures = `${result.done.toLocaleString('en')} ${result.unit} in ${Math.round(result.seconds)} s, seed ${result.seed}, ${minute(result.ended)}`;
  switch (state) {
    case 'held':
      return figures;
    case 'held briefly':
      return `${figures}; not all it does in its usual time, ${Math.round(result.usualSeconds ?? 0)} s`;
    case 'gave way':
      return `${result.findings} ${result.findings === 1 ? 'finding' : 'findings'}: ${figures}`;
    case 'other build':
      return `not run on these sources (last on others, ${minute(result.ended)})`;
    case 'not run':
      return 'not run';
  }
}

/** `2026-11-22 23:50 UTC`. @param time ISO 8601 */
export function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}
