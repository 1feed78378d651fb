/** Status words and reasons in words, from the tables of apdu-specs. */
import { Reason, reasonNames } from './generated/enums.js';
import { reasons, statusWords } from './generated/status-words.js';
import type { ReasonName, StatusWordEntry, StatusWordName } from './generated/status-words.js';

const byName = Object.entries(statusWords) as [StatusWordName, StatusWordEntry][];

/** Name of a status word, such as `conditions` for 6985. */
export function statusName(sw: number): StatusWordName | undefined {
  return byName.find(([, entry]) => (sw & (entry.mask ?? 0xffff)) === entry.sw)?.[0];
}

/** Name of a reason byte; `none` for one that is in no list. */
export function reasonName(reason: number): ReasonName {
  const known = Object.values(Reason).find((value) => value === reason);
  return known === undefined ? 'none' : reasonNames[known];
}

/** A status word as people write it: 6985. */
export function formatStatus(sw: number): string {
  return sw.toString(16).toUpperCase().padStart(4, '0');
}

/** What the card said, as a sentence for a person. */
export function refusalSentence(sw: number, reason: number): string {
  const name = statusName(sw);
  if (name === 'pinWrong') return `The PIN is wrong; ${triesLeft(sw & 0x0f)}.`;
  const said =
    reason === Reason.none
      ? name
        ? statusWords[name].meaning
        : 'for a reason nobody here knows'
      : reasons[reasonName(reason)].doc;
  return `The card refused: ${said} (${formatStatus(sw)}).`;
}

function triesLeft(tries: number): string {
  return tries === 1 ? 'one try is left' : `${tries} tries are left`;
}
