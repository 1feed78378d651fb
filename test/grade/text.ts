/** A grade as lines for a terminal. */
import { campaignsFor, inWords, isOfThisBuild } from './campaigns.js';
import type { CampaignFigures, CampaignState } from './campaigns.js';
import type { Evidence, Verdict } from './evidence.js';
import { foundInWords } from '../support/found.js';
import type { Grade } from './grade.js';
import { inOneLine, whatIsMissing } from './missing.js';

const marks: Readonly<Record<Verdict, string>> = {
  shown: '✔',
  'shown in part': '◐',
  'not shown': '–',
  failed: '✗',
};

export function gradeText(grade: Grade): string[] {
  return [
    `Graded ${grade.begun}, ${grade.seconds} s${grade.sources === undefined ? '' : `, sources ${grade.sources}`}`,
    ...reservations(grade),
    '',
    ...grade.evidence.flatMap((one) => evidenceLines(one, grade.campaigns)),
    '',
    'Suites',
    ...grade.suites.map(
      ({ suite, passed, failed, skipped, leftOut }) =>
        `  ${suite}: ${passed} passed, ${failed} failed, ${skipped} skipped${leftOut === 0 ? '' : `, ${leftOut} left out`}`,
    ),
    '',
    'Campaigns on these sources',
    ...grade.campaigns.flatMap(campaignLines),
    '',
    'Found and fixed',
    `  ${foundInWords(grade.found)}`,
    ...section('Failed', grade.failures.map(inOneLine)),
    ...section('Skipped because', grade.skipReasons),
    ...section('Assumed', grade.assumed),
    ...section('Not covered', grade.notCovered),
    '',
    totals(grade),
  ];
}

/** What has to be known before any verdict is read, a sentence each. */
export function reservations({ isFast, isMixed, strayIds }: Grade): string[] {
  return [
    ...(isFast ? [fastRun] : []),
    ...(isMixed
      ? ['Sources were saved while the tests ran: nobody knows what was tested, and nothing below counts.']
      : []),
    ...(strayIds.length > 0
      ? [`Tests carry ids that docs/requirements.md does not have: ${strayIds.join(', ')}.`]
      : []),
  ];
}

/** Said of a run with --fast. */
export const fastRun =
  'The fast run: slow tests were left out, so that much is shown in part or not at all. Without --fast they run.';

/** How many there are of each verdict, in the order of the marks. */
export function verdicts({ evidence }: Grade): [Verdict, number][] {
  return (Object.keys(marks) as Verdict[]).map((verdict) => [
    verdict,
    evidence.filter((one) => one.verdict === verdict).length,
  ]);
}

/** One sentence: how many of what. */
export function totals(grade: Grade): string {
  const words = verdicts(grade).map(([verdict, count]) => `${count} ${verdict}`);
  return `${grade.evidence.length} requirements and properties: ${words.join(', ')}.`;
}

function evidenceLines(one: Evidence, campaigns: readonly CampaignFigures[]): string[] {
  const { requirement, verdict, works, refuses, attacks, failures } = one;
  const { id, what, mechanism, places, attack } = requirement;
  const figures = campaignsFor(id, campaigns);
  const missing = whatIsMissing(one);
  return [
    `${marks[verdict]} ${id.padEnd(4)}${what}: ${verdict}`,
    `       how      ${mechanism}`,
    `       where    ${places.join(', ')}`,
    `       attack   ${attack}`,
    `       tests    ${works.length} of what works, ${refuses.length} of what is refused; ${attacks.length} of them attacks by name`,
    ...(figures === '' ? [] : [`       torture  ${figures}`]),
    ...(missing === '' ? [] : [`       missing  ${missing}`]),
    ...failures.map(({ test }) => `       failed   ${test}`),
  ];
}

const campaignMarks: Readonly<Record<CampaignState, string>> = {
  held: '✔',
  'held briefly': '~',
  'gave way': '✗',
  'other build': '–',
  damaged: '–',
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
