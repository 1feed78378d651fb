/** The one page that `./epurse torture` ends with. */
import type { Campaign, CampaignResult } from './campaign.js';
import { grouped } from './progress.js';

/** A campaign that ran, or that broke. */
export interface Ran {
  readonly campaign: Campaign;
  readonly seconds: number;
  /** It did not do what it had set out to do, or was given less than its usual time. */
  readonly isBrief?: boolean;
  readonly result: CampaignResult;
}

/** @param foundBefore what earlier runs have brought to light, in a sentence */
export function page(ran: readonly Ran[], foundBefore: string): string[] {
  return [...ran.flatMap(campaignLines), '', ...table(ran), '', foundBefore, verdict(ran)];
}

/** Every figure below the others, for who reads no more than that. */
function table(ran: readonly Ran[]): string[] {
  const cells = ran.map(({ campaign, seconds, result, isBrief }) => [
    campaign.name,
    `${grouped(result.done)} ${result.unit}`,
    `${seconds.toFixed(0)} s`,
    `${found(result.findings.length)}${isBrief === true ? ', briefly' : ''}`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')}`.trimEnd());
}

function campaignLines({ campaign, seconds, result, isBrief = false }: Ran): string[] {
  const { findings, done, unit, notes, seed } = result;
  const mark = findings.length === 0 ? '✓' : '✗';
  return [
    '',
    `${mark} ${campaign.name}: ${campaign.title}`,
    `    ${grouped(done)} ${unit} in ${seconds.toFixed(1)} s, seed ${seed}; ${found(findings.length)}`,
    ...(isBrief
      ? [`briefly: not all it does in its usual time, ${Math.round(campaign.budgetMs(false) / 1000)} s`]
      : []
    ).map(indented),
    ...notes.map(indented),
    ...findings
      .slice(0, shown)
      .flatMap(({ where, story, replay }) => [
        `    ✗ ${where}`,
        ...endOf(story).map((line) => `        ${line}`),
        `      again: ${replay}`,
      ]),
    ...(findings.length > shown ? [`    … and ${findings.length - shown} more`] : []),
  ];
}

const shown = 5;
const longestStory = 40;

/** What went wrong stands at the end. */
function endOf(story: readonly string[]): readonly string[] {
  const left = story.length - longestStory;
  return left <= 0 ? story : [`… ${left} lines before`, ...story.slice(left)];
}

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
