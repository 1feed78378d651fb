/** From a failure to the three things a person needs to know: what happened, whether money moved, what to do. */
import type { Failure } from '../api/failure.js';
import type { Messages } from '../i18n/i18n.svelte.js';

export interface Explained {
  readonly happened: string;
  /** The issuer's own sentence, in English. */
  readonly detail?: string;
  readonly money: string;
  readonly next: string;
  readonly reference?: string;
}

export function explain(failure: Failure, { problem: words, problems }: Messages): Explained {
  const money = (moved: boolean): string => (moved ? words.perhapsMoved : words.notMoved);
  switch (failure.kind) {
    case 'problem': {
      const { code, detail, moneyMoved, trace } = failure.problem;
      const { happened, next } = problems[code];
      return {
        happened,
        detail,
        money: money(moneyMoved === 'unknown' && failure.changing),
        next,
        reference: `${code} ${trace}`,
      };
    }
    case 'signed-out':
      return { ...problems['not-signed-in'], money: words.notMoved };
    case 'offline':
      return {
        happened: words.offline,
        money: money(failure.changing),
        next: failure.changing ? words.perhapsNext : words.offlineNext,
      };
    case 'unexpected':
      return {
        happened: words.unexpected,
        money: money(failure.changing),
        next: failure.changing ? words.perhapsNext : words.unexpectedNext,
        ...(failure.status === 0 ? {} : { reference: `HTTP ${failure.status}` }),
      };
  }
}
