/** A grade as one HTML file that needs nothing else: to print, to mail, to hand in. */
import { campaignsFor, details, inWords } from './campaigns.js';
import type { CampaignFigures, CampaignState } from './campaigns.js';
import type { Evidence, Verdict } from './evidence.js';
import { foundInWords } from '../support/found.js';
import { messageLines } from '../runner/result.js';
import type { Failed, Grade, SuiteFigures } from './grade.js';
import { style } from './html-style.js';
import { inOneLine, placeOf, whatIsMissing } from './missing.js';
import { reservations, totals, verdicts, whenAndHowLong } from './text.js';

const classes: Readonly<Record<Verdict, string>> = {
  shown: 'shown',
  'shown in part': 'part',
  'not shown': 'none',
  failed: 'failed',
};

export function gradeHtml(grade: Grade): string {
  const most = Math.max(1, ...grade.evidence.map((one) => partsOf(one).reduce((sum, part) => sum + part, 0)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>epurse: requirements and evidence</title>
<style>${style}</style>
</head>
<body>
${opening(grade)}
<table class="requirements">
<caption>Requirements R1–R17 of the source design, properties M1–M12 of the purse</caption>
<thead><tr><th>id</th><th>what</th><th>mechanism and place</th><th>attack it is tested with</th><th>tests of this run</th><th>torture on these sources</th><th>verdict</th></tr></thead>
<tbody>
${grade.evidence.map((one) => row(one, grade.campaigns, most)).join('\n')}
</tbody>
</table>
<h2>Suites of this run</h2>
<table>
<thead><tr><th>suite</th>${['passed', 'failed', 'skipped', 'left out'].map((what) => `<th class="count">${what}</th>`).join('')}<td class="chart"></td></tr></thead>
<tbody>
${grade.suites.map((suite) => suiteRow(suite, grade.suites)).join('\n')}
</tbody>
</table>
<h2>Campaigns on these sources</h2>
<table class="campaigns">
<thead><tr><th>campaign</th><th>what it does</th><th>figures</th><th>verdict</th></tr></thead>
<tbody>
${grade.campaigns.map(campaignRow).join('\n')}
</tbody>
</table>
<h2>Found and fixed</h2>
<p>${escaped(foundInWords(grade.found))}.</p>
<details><summary>All ${grade.found.length}</summary>
<table class="found"><thead><tr><th>bug</th><th>found by</th><th>regression test</th></tr></thead><tbody>
${grade.found.map(({ bug, by, file, test }) => `<tr><td>${withCode(bug)}</td><td data-label="found by">${escaped(by)}</td><td><code>${escaped(file)}</code>: ${withCode(test)}</td></tr>`).join('\n')}
</tbody></table></details>
${list('Skipped because', grade.skipReasons)}
${list('Assumed', grade.assumed)}
${list('Not covered', grade.notCovered)}
</body>
</html>
`;
}

/** What a reader wants to know first: which sources, when, how many of what. */
function opening(grade: Grade): string {
  const { begun, seconds, sources, build, suites, evidence } = grade;
  const sum = (count: (suite: SuiteFigures) => number): string =>
    suites.reduce((total, suite) => total + count(suite), 0).toLocaleString('en');
  const tiles = [
    ...verdicts(grade).map(([verdict, count]) => [count, verdict, count === 0 ? '' : classes[verdict]] as const),
    [sum(({ passed }) => passed), 'tests passed', ''],
    [sum(({ failed }) => failed), 'tests failed', suites.some(({ failed }) => failed > 0) ? 'failed' : ''],
    [sum(({ skipped, leftOut }) => skipped + leftOut), 'skipped or left out', ''],
  ] as const;
  const shares = verdicts(grade).map(([verdict, count]) => [verdictColours[verdict], count] as const);
  return `<h1>epurse: requirements and evidence</h1>
<p class="soft">${escaped(whenAndHowLong(begun, seconds))}${sources === undefined ? '' : `, sources <code>${escaped(sources)}</code>`}${build === undefined ? '' : `, build <code>${build.slice(0, 12)}</code>`}</p>
<p>${escaped(totals(grade))}</p>
${reservations(grade)
  .map((line) => `<p class="part">${escaped(line)}</p>`)
  .join('\n')}
<ul class="tiles">${tiles.map(([count, what, mark]) => `<li><b class="${mark}">${count}</b>${what}</li>`).join('')}</ul>
${bar(shares, evidence.length, 640)}
${failedTests(grade.failures)}
<p>Shown: tests of what works and of what is refused ran and passed. In part: so did they, but others were skipped or left out. Not shown: tests of either kind did not run.
A campaign counts for exactly the sources it ran on.</p>
<p class="soft">Tests:<i class="works"></i>of what works<i class="refuses"></i>of what is refused<i class="failed"></i>failed<i class="missing"></i>skipped or left out</p>`;
}

/** Every failure in full: what it is called, where it is, what it says. */
function failedTests(failures: readonly Failed[]): string {
  const items = failures.map(
    (one) => `<li><b class="failed">${escaped(one.test)}</b><br><code>${escaped(placeOf(one))}</code>
<pre>${escaped(messageLines(one.message).join('\n'))}</pre></li>`,
  );
  return items.length === 0 ? '' : `<h2>Failed</h2>\n<ul class="failures">${items.join('\n')}</ul>`;
}

const verdictColours: Readonly<Record<Verdict, string>> = {
  shown: 'works',
  'shown in part': 'part',
  'not shown': 'missing',
  failed: 'failed',
};

function partsOf({ works, refuses, failures, skips, leftOut }: Evidence): number[] {
  return [works.length, refuses.length, failures.length, skips.length + leftOut.length];
}

const testColours = ['works', 'refuses', 'failed', 'missing'];

function row(one: Evidence, campaigns: readonly CampaignFigures[], most: number): string {
  const { requirement, verdict, works, refuses, attacks, failures } = one;
  const { id, what, mechanism, places, attack } = requirement;
  const failed = failures.map((failure) => `<li class="failed">${escaped(inOneLine(failure))}</li>`);
  const tests = [...works, ...refuses].map((test) => `<li>${escaped(test)}</li>`);
  const parts = partsOf(one).map((count, index) => [testColours[index] ?? '', count] as const);
  const missing = whatIsMissing(one);
  return `<tr>
<th scope="row">${escaped(id)}</th>
<td>${escaped(what)}</td>
<td>${escaped(mechanism)}<br>${places.map((place) => `<code>${escaped(place)}</code>`).join(', ')}</td>
<td data-label="attack it is tested with">${escaped(attack)}</td>
<td data-label="tests of this run">${bar(parts, most)}${works.length} of what works, ${refuses.length} of what is refused${attacks.length === 0 ? '' : `; ${attacks.length} of them attacks by name`}
<details${failures.length > 0 ? ' open' : ''}><summary>their names</summary><ul>${[...failed, ...tests].join('')}</ul></details></td>
<td data-label="torture">${escaped(campaignsFor(id, campaigns)) || '–'}</td>
<td><span class="${classes[verdict]}">${verdict}</span>${missing === '' ? '' : `<br><small>${escaped(missing)}</small>`}</td>
</tr>`;
}

function suiteRow({ suite, passed, failed, skipped, leftOut }: SuiteFigures, all: readonly SuiteFigures[]): string {
  const most = Math.max(...all.map((one) => one.passed + one.failed + one.skipped + one.leftOut));
  const parts = [
    ['works', passed],
    ['failed', failed],
    ['missing', skipped + leftOut],
  ] as const;
  const counts = [passed, failed, skipped, leftOut].map((count) => `<td class="count">${count}</td>`).join('');
  return `<tr><th scope="row">${escaped(suite)}</th>${counts}<td class="chart">${bar(parts, most)}</td></tr>`;
}

const campaignClasses: Readonly<Record<CampaignState, string>> = {
  held: 'shown',
  'held briefly': 'part',
  'gave way': 'failed',
  'other build': 'none',
  damaged: 'none',
  'not run': 'none',
};

function campaignRow(campaign: CampaignFigures): string {
  const { name, state, result } = campaign;
  return `<tr><th scope="row">${escaped(name)}</th><td>${escaped(result?.title ?? '')}</td>
<td>${escaped(inWords(campaign))}${details(campaign)
    .map((line) => `<br><small>${escaped(line)}</small>`)
    .join('')}</td>
<td class="${campaignClasses[state]}">${state}</td></tr>`;
}

/** @param parts colour and count of each; the figures stand beside the bar in words */
function bar(parts: readonly (readonly [colour: string, count: number])[], whole: number, length = 180): string {
  let x = 0;
  const pieces = parts.map(([colour, count]) => {
    const width = whole === 0 ? 0 : (count / whole) * length;
    x += width;
    return `<rect class="${colour}" x="${(x - width).toFixed(1)}" width="${width.toFixed(1)}" height="10"/>`;
  });
  return `<svg aria-hidden="true" width="${length}" height="10" viewBox="0 0 ${length} 10" preserveAspectRatio="none">${pieces.join('')}</svg>`;
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0
    ? ''
    : `<h2>${title}</h2>\n<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;
}

/** What stands between backquotes, as code. */
function withCode(text: string): string {
  return escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
