/** Why a requirement is not wholly shown, for whoever reads the verdict. */
import type { Problem } from '../runner/result.js';
import type { Evidence } from './evidence.js';

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

/** A failed test and the first line of what it says, for those who have ids and those who have none. */
export function inOneLine({ test, message }: Problem): string {
  return `${test}: ${message.split('\n')[0] ?? ''}`;
}
