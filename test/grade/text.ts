/** A grade as lines for a terminal. */
import { campaignsFor, inWords, isOfThisBuild } from './campaigns.js';
import type { CampaignFigures, CampaignState } from './campaigns.js';
import type { Evidence, Verdict } from './evidence.js';
import type { Grade } from './grade.js';

const marks: Readonly<Record<Verdict, string>> = {
  shown: '✔',
  'shown in part': '◐',
  'not shown': '–',
  failed: '✗',
};

export function gradeText(grade: Grade): string[] {
  return [
    `Graded ${grade.begun}, ${grade.seconds} s${grade.sources === undefined ? '' : `, sources ${grade.sources}`}`,
    ...(grade.isFast ? [leftOut] : []),
    '',
    ...grade.evidence.flatMap((one) => evidenceLines(one, grade.campaigns)),
    '',
    'Suites',
    ...grade.suites.map(
      ({ suite, passed, failed, skipped }) => `  ${suite}: ${passed} passed, ${failed} failed, ${skipped} skipped`,
    ),
    '',
    'Campaigns on these sources',
    ...grade.campaigns.flatMap(campaignLines),
    ...section('Skipped because', grade.skipReasons),
    ...section('Assumed', grade.assumed),
    ...section('Not covered', grade.notCovered),
    '',
    totals(grade),
  ];
}

/** Said of a run with --fast. */
export const leftOut =
  'The fast run: slow tests were left out, so that much is shown in part or not at all. Without --fast they run.';

/** One sentence: how many of what. */
export function totals({ evidence }: Grade): string {
  const count = (verdict: Verdict): number => evidence.filter((one) => one.verdict === verdict).length;
  const words = (Object.keys(marks) as Verdict[]).map((verdict) => `${count(verdict)} ${verdict}`);
  return `${evidence.length} requirements and properties: ${words.join(', ')}.`;
}

function evidenceLines(
  { requirement, verdict, works, refuses, failures, skips }: Evidence,
  campaigns: readonly CampaignFigures[],
): string[] {
  const figures = campaignsFor(requirement.id, campaigns);
  const { id, what, mechanism, places, attack } = requirement;
  return [
    `${marks[verdict]} ${id.padEnd(4)}${what}: ${verdict}`,
    `       how      ${mechanism}`,
    `       where    ${places.join(', ')}`,
    `       attack   ${attack}`,
    `       tests    ${works.length} of what works, ${refuses.length} of what is refused, ${failures.length} failed, ${skips.length} skipped`,
    ...(figures === '' ? [] : [`       torture  ${figures}`]),
    ...failures.map(({ test }) => `       failed   ${test}`),
  ];
}

const campaignMarks: Readonly<Record<CampaignState, string>> = {
  held: '✔',
  'held briefly': '~',
  'gave way': '✗',
  'other build': '–',
  'not run': '–',
};

function campaignLines(campaign: CampaignFigures): string[] {
  const { name, state, result } = campaign;
  const notes = isOfThisBuild(state) ? (result?.notes ?? []) : [];
  return [`  ${campaignMarks[state]} ${name}: ${inWords(campaign)}`, ...notes.map((note) => `      ${note}`)];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${line}`)];
}
