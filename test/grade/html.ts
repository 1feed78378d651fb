/** A grade as one HTML file that needs nothing else: to print, to mail, to hand in. */
import { campaignsFor, inWords, isOfThisBuild } from './campaigns.js';
import type { CampaignFigures, CampaignState } from './campaigns.js';
import type { Evidence, Verdict } from './evidence.js';
import type { Grade, SuiteFigures } from './grade.js';
import { leftOut, totals } from './text.js';

const classes: Readonly<Record<Verdict, string>> = {
  shown: 'shown',
  'shown in part': 'part',
  'not shown': 'none',
  failed: 'failed',
};

export function gradeHtml(grade: Grade): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>epurse: requirements and evidence</title>
<style>${style}</style>
</head>
<body>
<h1>epurse: requirements and evidence</h1>
<p>${escaped(grade.begun)}, ${grade.seconds} s${grade.sources === undefined ? '' : `, sources <code>${escaped(grade.sources)}</code>`}. ${escaped(totals(grade))}${grade.isFast ? `<br>${escaped(leftOut)}` : ''}</p>
<p>Shown: tests of what works and of what is refused ran and passed. In part: some tests were skipped, for the reasons below. Not shown: tests of either kind did not run.</p>
<table>
<caption>Requirements R1–R17 of the source design, properties M1–M12 of the purse</caption>
<thead><tr><th>id</th><th>what</th><th>mechanism and place</th><th>attack it is tested with</th><th>tests of this run</th><th>torture on these sources</th><th>verdict</th></tr></thead>
<tbody>
${grade.evidence.map((one) => row(one, grade.campaigns)).join('\n')}
</tbody>
</table>
<h2>Suites of this run</h2>
<table>
<thead><tr><th>suite</th><th>passed</th><th>failed</th><th>skipped</th><th></th></tr></thead>
<tbody>
${grade.suites.map((suite) => suiteRow(suite, grade.suites)).join('\n')}
</tbody>
</table>
<h2>Campaigns on these sources</h2>
<table>
<thead><tr><th>campaign</th><th>what it does</th><th>figures</th><th>verdict</th></tr></thead>
<tbody>
${grade.campaigns.map(campaignRow).join('\n')}
</tbody>
</table>
${list('Skipped because', grade.skipReasons)}
${list('Assumed', grade.assumed)}
${list('Not covered', grade.notCovered)}
</body>
</html>
`;
}

function row(
  { requirement, verdict, works, refuses, failures, skips }: Evidence,
  campaigns: readonly CampaignFigures[],
): string {
  const { id, what, mechanism, places, attack } = requirement;
  const tests = [...works, ...refuses].map((test) => `<li>${escaped(test)}</li>`).join('');
  const failed = failures.map(({ test }) => `<li class="failed">${escaped(test)}</li>`).join('');
  return `<tr>
<th scope="row">${escaped(id)}</th>
<td>${escaped(what)}</td>
<td>${escaped(mechanism)}<br>${places.map((place) => `<code>${escaped(place)}</code>`).join(', ')}</td>
<td>${escaped(attack)}</td>
<td>${bar([works.length, refuses.length, failures.length, skips.length])}
<details><summary>${works.length} of what works, ${refuses.length} of what is refused${skips.length === 0 ? '' : `, ${skips.length} skipped`}</summary><ul>${failed}${tests}</ul></details></td>
<td>${escaped(campaignsFor(id, campaigns))}</td>
<td class="${classes[verdict]}">${verdict}</td>
</tr>`;
}

function suiteRow({ suite, passed, failed, skipped }: SuiteFigures, all: readonly SuiteFigures[]): string {
  const most = Math.max(...all.map((one) => one.passed + one.failed + one.skipped));
  return `<tr><th scope="row">${escaped(suite)}</th><td>${passed}</td><td>${failed}</td><td>${skipped}</td><td>${bar([passed, 0, failed, skipped], most)}</td></tr>`;
}

const campaignClasses: Readonly<Record<CampaignState, string>> = {
  held: 'shown',
  'held briefly': 'part',
  'gave way': 'failed',
  'other build': 'none',
  'not run': 'none',
};

function campaignRow(campaign: CampaignFigures): string {
  const { name, state, result } = campaign;
  const notes = isOfThisBuild(state) ? (result?.notes ?? []) : [];
  return `<tr><th scope="row">${escaped(name)}</th><td>${escaped(result?.title ?? '')}</td>
<td>${escaped(inWords(campaign))}${notes.map((note) => `<br>${escaped(note)}`).join('')}</td>
<td class="${campaignClasses[state]}">${state}</td></tr>`;
}

/** @param parts of what works, of what is refused, failed, skipped; the figures stand beside the bar in words */
function bar(parts: readonly number[], whole = parts.reduce((sum, part) => sum + part, 0)): string {
  const colours = ['works', 'refuses', 'failed', 'skipped'];
  let x = 0;
  const pieces = parts.map((part, i) => {
    const width = whole === 0 ? 0 : (part / whole) * 160;
    x += width;
    return `<rect class="${colours[i] ?? ''}" x="${(x - width).toFixed(1)}" width="${width.toFixed(1)}" height="10"/>`;
  });
  return `<svg aria-hidden="true" width="160" height="10">${pieces.join('')}</svg>`;
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0
    ? ''
    : `<h2>${title}</h2>\n<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

const style = `
:root { color-scheme: light dark; --ok: #1a7f37; --part: #9a6700; --bad: #cf222e; --none: #6e7781; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #8884; }
code { font-size: .85em; overflow-wrap: anywhere; }
details ul { font-size: .85em; padding-left: 1.1rem; }
td.shown { color: var(--ok); font-weight: 600; } td.part { color: var(--part); font-weight: 600; }
td.none { color: var(--none); font-weight: 600; } td.failed, li.failed { color: var(--bad); font-weight: 600; }
rect.works { fill: #2da44e; } rect.refuses { fill: #218bff; } rect.failed { fill: #cf222e; } rect.skipped { fill: #8c959f; }
@media print { details { display: none; } body { margin: 0; } }
`;
