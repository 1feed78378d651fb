/** The one page that `./epurse torture` ends with. */
import type { Campaign, CampaignResult } from './campaign.js';
import { grouped } from './progress.js';

/** A campaign that ran, or that broke. */
export interface Ran {
  readonly campaign: Campaign;
  readonly seconds: number;
  /** It was given less than its usual time, and that ran out. */
  readonly isBrief?: boolean;
  readonly result: CampaignResult;
}

export function page(ran: readonly Ran[]): string[] {
  return [...ran.flatMap(campaignLines), '', verdict(ran)];
}

function campaignLines({ campaign, seconds, result, isBrief = false }: Ran): string[] {
  const { findings, done, unit, notes, seed } = result;
  const mark = findings.length === 0 ? '✓' : '✗';
  return [
    '',
    `${mark} ${campaign.name}: ${campaign.title}`,
    `    ${grouped(done)} ${unit} in ${seconds.toFixed(1)} s, seed ${seed}; ${found(findings.length)}`,
    ...(isBrief ? [`briefly: its usual time is ${Math.round(campaign.budgetMs(false) / 1000)} s`] : []).map(indented),
    ...notes.map(indented),
    ...findings
      .slice(0, shown)
      .flatMap(({ where, story, replay }) => [
        `    ✗ ${where}`,
        ...story.slice(0, longestStory).map((line) => `        ${line}`),
        `      again: ${replay}`,
      ]),
    ...(findings.length > shown ? [`    … and ${findings.length - shown} more`] : []),
  ];
}

const shown = 5;
const longestStory = 40;

function indented(line: string): string {
  return `    ${line}`;
}

function found(count: number): string {
  return count === 0 ? 'nothing gave way' : `${count} ${count === 1 ? 'finding' : 'findings'}`;
}

function verdict(ran: readonly Ran[]): string {
  const findings = ran.reduce((sum, { result }) => sum + result.findings.length, 0);
  const figures = ran.map(({ result }) => `${grouped(result.done)} ${result.unit}`).join(', ');
  return findings === 0 ? `The purse held: ${figures}.` : `The purse gave way: ${found(findings)} in ${figures}.`;
}
