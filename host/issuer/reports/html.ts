/** One HTML file that needs nothing else: no script, no outside font or picture; prints on A4 with the heads of its tables repeated. */
import { alignsRight, textOf } from './document.js';
import type { ReportDocument, Table } from './document.js';

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .4rem; }
.subtitle, .note, .empty { color: color-mix(in srgb, currentColor 70%, transparent); margin: .2rem 0; }
table { border-collapse: collapse; width: 100%; } th, td { padding: .3rem .6rem; text-align: left; vertical-align: top; }
th { border-bottom: 2px solid; } td { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.right { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } td { overflow-wrap: anywhere; }
@media print { @page { size: A4; margin: 16mm; } body { margin: 0; max-width: none; font-size: 10pt; } thead { display: table-header-group; } tr { break-inside: avoid; } }
`;

export function renderHtml({ title, subtitle, tables }: ReportDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${escaped(title)}</h1><p class="subtitle">${escaped(subtitle)}</p></header>
<main>
${tables.map(section).join('\n')}
</main>
</body>
</html>
`;
}

function section(table: Table): string {
  const heading = `<h2>${escaped(table.title)}</h2>`;
  if (table.rows.length === 0) return `<section>${heading}<p class="empty">${escaped(table.empty)}</p></section>`;
  const side = (column: number): string => (alignsRight(table, column) ? ' class="right"' : '');
  const head = table.columns.map((name, i) => `<th scope="col"${side(i)}>${escaped(name)}</th>`).join('');
  const rows = table.rows.map(
    (row) => `<tr>${row.map((cell, i) => `<td${side(i)}>${escaped(textOf(cell))}</td>`).join('')}</tr>`,
  );
  const note = table.note === undefined ? '' : `<p class="note">${escaped(table.note)}</p>`;
  return `<section>${heading}<table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>${note}</section>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}
