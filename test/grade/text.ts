/** A grade as lines for a terminal. */
import { campaignsFor, details, inWords, isOfThisBuild, minute } from './campaigns.js';
import type { CampaignFigures, CampaignState } from './campaigns.js';
import type { Evidence, Verdict } from './evidence.js';
import { messageLines } from '../runner/result.js';
import { foundInWords } from '../support/found.js';
import type { Failed, Grade } from './grade.js';
import { inOneLine, placeOf, whatIsMissing, whyInPart } from './missing.js';

const marks: Readonly<Record<Verdict, string>> = {
  shown: '✔',
  'shown in part': '◐',
  'not shown': '–',
  failed: '✗',
};

export function gradeText(grade: Grade): string[] {
  return [
    `Graded ${whenAndHowLong(grade.begun, grade.seconds)}${grade.sources === undefined ? '' : `, sources ${grade.sources}`}${grade.build === undefined ? '' : `, build ${grade.build.slice(0, 12)}`}`,
    totals(grade),
    ...reservations(grade),
    ...failed(grade.failures),
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
    ...section('Skipped because', grade.skipReasons),
    ...section('Assumed', grade.assumed),
    ...section('Not covered', grade.notCovered),
    '',
    totals(grade),
  ];
}

/** `2026-11-22 23:50 UTC, 23 min 26 s`. @param begun ISO 8601 */
export function whenAndHowLong(begun: string, seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minute(begun)}, ${minutes === 0 ? '' : `${minutes} min `}${seconds % 60} s`;
}

/** What has to be known before any verdict is read, a sentence each. */
export function reservations({ isFast, isMixed, strayIds, build, evidence, campaigns }: Grade): string[] {
  const without = campaigns.filter(({ state }) => !isOfThisBuild(state)).map(({ name }) => name);
  return [
    whyInPart(evidence),
    ...(build === undefined
      ? [
          'This is no git checkout: nobody can tell which sources these are, or whether they were saved while the tests ran.',
        ]
      : []),
    ...(without.length > 0 ? [`Not run on these sources, of ./epurse torture: ${without.join(', ')}.`] : []),
    ...(isFast ? [fastRun] : []),
    ...(isMixed
      ? ['Sources were saved while the tests ran: nobody knows what was tested, and nothing below counts.']
      : []),
    ...(strayIds.length > 0
      ? [`Tests carry ids that docs/requirements.md does not have: ${strayIds.join(', ')}.`]
      : []),
  ].filter((line) => line !== '');
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
    ...failures.map((one) => `       failed   ${inOneLine(one)}`),
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
  const { name, state } = campaign;
  return [
    `  ${campaignMarks[state]} ${name}: ${inWords(campaign)}`,
    ...details(campaign).map((line) => `      ${line}`),
  ];
}

/** Every failure in full: what it is called, where it is, what it says. */
function failed(failures: readonly Failed[]): string[] {
  const lines = failures.flatMap((one) => [
    `  ${marks.failed} ${one.test}`,
    `      ${placeOf(one)}`,
    ...messageLines(one.message).map((line) => `      ${line}`),
  ]);
  return lines.length === 0 ? [] : ['', 'Failed', ...lines];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${line}`)];
}
