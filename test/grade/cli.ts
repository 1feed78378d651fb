/** `epurse grade`: runs the tests and puts requirement, mechanism, tests and results side by side. */
import { ftruncateSync, openSync, writeFileSync } from 'node:fs';
import type { Outcome, Run } from '../../host/cli/command-line.js';
import { Failure } from '../../host/terminal/outcome.js';
import { systemFailure } from '../../host/terminal/system-failure.js';
import { closingLine } from '../runner/result.js';
import { buildId } from '../support/build-id.js';
import { root, runAll } from '../runner/run.js';
import { asJson } from '../support/as-json.js';
import { gradeOf } from './grade.js';
import type { Grade } from './grade.js';
import { gradeHtml } from './html.js';
import { gradeText, totals } from './text.js';

const formats = ['text', 'json', 'html'] as const;
type Format = (typeof formats)[number];

export async function run({ out, options, global }: Run): Promise<Outcome> {
  const format = formatOf(options['format']);
  const file = options['out'] as string | undefined;
  const report = file === undefined ? undefined : openReport(file);
  const begun = new Date();
  const isFast = options['fast'] === true;
  const build = buildId(root);
  const results = await runAll(isFast, (line) => process.stderr.write(`${line}\n`));
  const grade = gradeOf(root, results, { begun, ended: new Date(), isFast, build });
  if (report === undefined) print(format, grade, (line) => out.say(line));
  else replace(report, rendered(format, grade));
  if (global.json) for (const one of grade.evidence) out.event('requirement', asJson(one));
  if (!grade.ok) throw new Failure('not-shown', `${totals(grade)} ${closingLine(results)}.`, { next: nextStep(grade) });
  return { requirements: grade.evidence.length, suites: asJson(grade.suites), seconds: grade.seconds };
}

function formatOf(given: unknown): Format {
  const format = formats.find((one) => one === given);
  if (format === undefined) throw new Failure('usage', `--format takes ${formats.join(', ')}, not "${String(given)}".`);
  return format;
}

/** Before the tests, which take a quarter of an hour; an earlier report stays until they have run. @throws Failure files-unusable */
function openReport(file: string): number {
  try {
    return openSync(file, 'a');
  } catch (error) {
    throw systemFailure(error) ?? error;
  }
}

function replace(report: number, text: string): void {
  ftruncateSync(report);
  writeFileSync(report, text);
}

function print(format: Format, grade: Grade, say: (line: string) => void): void {
  if (format === 'text') for (const line of gradeText(grade)) say(line);
  else say(rendered(format, grade));
}

function rendered(format: Format, grade: Grade): string {
  switch (format) {
    case 'text':
      return `${gradeText(grade).join('\n')}\n`;
    case 'json':
      return `${JSON.stringify(grade, null, 2)}\n`;
    case 'html':
      return gradeHtml(grade);
  }
}

function nextStep({ suites, campaigns, isMixed, strayIds }: Grade): string {
  if (suites.some(({ failed }) => failed > 0))
    return 'The report has what failed with its file and message, under Failed.';
  const gaveWay = campaigns.filter(({ state }) => state === 'gave way').map(({ name }) => name);
  if (gaveWay.length > 0)
    return `On these sources ./epurse torture found something: ${gaveWay.join(', ')}. Its page says what.`;
  if (isMixed) return 'Sources were saved while the tests ran. Run it again, and leave them alone meanwhile.';
  if (strayIds.length > 0)
    return `docs/requirements.md has no ${strayIds.join(', ')}, which tests have in their names.`;
  return 'Run it without --fast; what is skipped names what is missing on this machine.';
}
