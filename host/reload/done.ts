/** What the holder reads when it is done, and what a script reads. */
import { toHex } from '../protocol/codec/bytes.js';
import { formatMoney } from '../protocol/codec/money.js';
import { LoadType } from '../protocol/generated/enums.js';
import type { Scheme } from '../protocol/scheme.js';
import type { ReloadOutcome } from './types.js';
import { balanceFields, balanceLines, loadedFields, loadedLine, moneyFields } from './words.js';
import type { Fields } from './words.js';

export type Done = Exclude<ReloadOutcome, { readonly result: 'refused' | 'unresolved' }>;

const notSynchronised =
  'The card is not synchronised: the issuer could not be reached, or did not take its log. Nothing is lost; the next visit makes up for it.';

export function doneLines(scheme: Scheme, outcome: Done): readonly string[] {
  switch (outcome.result) {
    case 'loaded':
      return [loadedLine(outcome)];
    case 'cancelled': {
      const what = outcome.type === LoadType.load ? 'load' : 'payout';
      return [`The ${what} of ${formatMoney(outcome.amount)} is given up; whatever the bank took goes back.`];
    }
    case 'balance':
      return [...balanceLines(scheme, outcome.log), ...(outcome.synchronised ? [] : [notSynchronised])];
    case 'pin-changed':
      return ['The new PIN is in force.'];
    case 'visited':
      return ['Nothing is left to do.'];
  }
}

export function doneFields(scheme: Scheme, outcome: Done): Fields {
  switch (outcome.result) {
    case 'loaded':
      return loadedFields(outcome);
    case 'cancelled':
      return { counter: outcome.counter, amount: moneyFields(outcome.amount) };
    case 'balance':
      return { card: toHex(outcome.cardId), synchronised: outcome.synchronised, ...balanceFields(scheme, outcome.log) };
    case 'pin-changed':
    case 'visited':
      return {};
  }
}
