/** Why a requirement is not wholly shown, for whoever reads the verdict. */
import type { Problem } from '../runner/result.js';
import type { Evidence } from './evidence.js';
import type { Failed } from './grade.js';

/** In a line; empty where nothing is missing. */
export function whatIsMissing({ works, refuses, failures, skips, leftOut, gaveWay }: Evidence): string {
  const reasons = [...new Set(skips.map(({ reason }) => reason))].join('; ');
  return [
    failures.length > 0 ? `${failures.length} failed` : '',
    gaveWay.length > 0 ? `torture found something: ${gaveWay.join(', ')}` : '',
    works.length === 0 ? 'no test of what works ran' : '',
    refuses.length === 0 ? 'no test of a refusal ran' : '',
    skips.length > 0 ? `${skips.length} skipped: ${reasons}` : '',
    leftOut.length > 0 ? `${leftOut.length} left out by --fast` : '',
  ]
    .filter((line) => line !== '')
    .join('; ');
}

/** Where a failed test is, and the first line of what it says. */
export function inOneLine({ test, message, file }: Problem): string {
  return `${test}${file === undefined ? '' : ` (${file})`}: ${message.split('\n')[0] ?? ''}`;
}

/** Suite and file of a failure. */
export function placeOf({ suite, file }: Failed): string {
  return file === undefined ? suite : `${suite}, ${file}`;
}

/** Why so much is shown in part only, each reason once; empty where nothing is. */
export function whyInPart(evidence: readonly Evidence[]): string {
  const partly = evidence.filter(({ verdict }) => verdict === 'shown in part');
  const reasons = new Set(partly.flatMap(({ skips }) => skips.map(({ reason }) => reason)));
  if (partly.some(({ leftOut }) => leftOut.length > 0)) reasons.add('left out by --fast');
  return reasons.size === 0 ? '' : `In part, because of tests that did not run: ${[...reasons].join('; ')}.`;
}
