/** What the holder reads when it is done. */
import { formatMoney } from '../protocol/codec/money.js';
import { LoadType } from '../protocol/generated/enums.js';
import type { Scheme } from '../protocol/scheme.js';
import type { ReloadOutcome } from './types.js';
import { balanceLines, loadedLine } from './words.js';

export type Done = Exclude<ReloadOutcome, { readonly result: 'refused' | 'unresolved' }>;

export function doneLines(scheme: Scheme, outcome: Done): readonly string[] {
  switch (outcome.result) {
    case 'loaded':
      return [loadedLine(outcome)];
    case 'cancelled': {
      const what = outcome.type === LoadType.load ? 'load' : 'payout';
      return [`The ${what} of ${formatMoney(outcome.amount)} is given up; whatever the bank took goes back.`];
    }
    case 'balance':
      return balanceLines(scheme, outcome.log);
    case 'pin-changed':
      return ['The new PIN is in force.'];
    case 'visited':
      return ['Nothing is left to do.'];
  }
}
