/** How the report looks: on a screen in the light and the dark, on a narrow one, and on paper. */
export const style = `
:root { color-scheme: light dark; --text: #1f2328; --back: #ffffff; --soft: #59636e; --line: #d1d9e0; --head: #f6f8fa;
  --ok: #1a7f37; --part: #9a6700; --bad: #cf222e; --none: #59636e; --works: #2da44e; --refuses: #218bff; --failed: #cf222e; --missing: #afb8c1; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --back: #0d1117; --soft: #9198a1; --line: #30363d; --head: #161b22;
    --ok: #3fb950; --part: #d29922; --bad: #ff7b72; --none: #9198a1; --works: #2ea043; --refuses: #388bfd; --failed: #f85149; --missing: #484f58; }
}
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 84rem; padding: 0 1.2rem; color: var(--text); background: var(--back); }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; }
p { margin: .4rem 0; max-width: 60rem; } .soft, small { color: var(--soft); }
.tiles { display: flex; flex-wrap: wrap; gap: .7rem; margin: 1rem 0; padding: 0; list-style: none; }
.tiles li { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .9rem; min-width: 8rem; }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .45rem .6rem; border-bottom: 1px solid var(--line); }
thead th { background: var(--head); font-size: .85em; } .count { text-align: right; font-variant-numeric: tabular-nums; }
.requirements th:first-child, .requirements td:last-child span { white-space: nowrap; }
.requirements td:nth-child(3) { min-width: 17rem; } .requirements td:nth-child(5) { min-width: 13rem; }
code { font-size: .85em; overflow-wrap: anywhere; }
pre { font-size: .8em; margin: .2rem 0 .8rem; padding: .5rem .7rem; background: var(--head); white-space: pre-wrap; overflow-wrap: anywhere; }
.failures { padding-left: 1.1rem; }
summary { cursor: pointer; } details ul { font-size: .85em; padding-left: 1.1rem; margin: .3rem 0; overflow-wrap: anywhere; }
.shown { color: var(--ok); font-weight: 600; } .part { color: var(--part); font-weight: 600; }
.none { color: var(--none); font-weight: 600; } .failed { color: var(--bad); font-weight: 600; }
svg { display: block; margin: .25rem 0; max-width: 100%; }
rect.works, i.works { fill: var(--works); background: var(--works); } rect.refuses, i.refuses { fill: var(--refuses); background: var(--refuses); }
rect.failed, i.failed { fill: var(--failed); background: var(--failed); } rect.missing, i.missing { fill: var(--missing); background: var(--missing); }
rect.part { fill: var(--part); }
i { display: inline-block; width: .8em; height: .8em; border-radius: .15em; margin: 0 .3em 0 .8em; }
@media screen and (max-width: 62rem) {
  .requirements thead, .campaigns thead, .found thead { display: none; }
  .requirements tr, .campaigns tr, .found tr { display: block; border-bottom: 2px solid var(--line); padding: .6rem 0; }
  .requirements th, .requirements td, .campaigns th, .campaigns td, .found td { display: block; border: 0; padding: .15rem 0; text-align: left; }
  td.chart { display: none; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); }
}
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  :root { --text: #000; --back: #fff; --soft: #444; --line: #bbb; --head: #eee; --ok: #1a7f37; --part: #7d5300; --bad: #b00; --none: #555; }
  body { margin: 0; padding: 0; max-width: none; font-size: 8.5pt; } th, td { padding: .3rem .4rem; } .requirements td:nth-child(n) { min-width: 0; } details { display: none; }
  tr, .tiles { break-inside: avoid; } rect, i { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
