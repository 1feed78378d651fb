/** What the clerk reads, and what a script reads. */
import { toHex } from '../protocol/codec/bytes.js';
import { formatTime } from '../protocol/codec/time.js';
import { formatMoney, moneyFromWire, moneyToJson } from '../protocol/codec/money.js';
import type { Money } from '../protocol/codec/money.js';
import type { DeskOrder } from '../protocol/issuer/port.js';
import type { Scheme } from '../protocol/scheme.js';
import type { DeskNotice, DeskOutcome } from './types.js';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type Fields = { readonly [name: string]: Json };

export type Done = Exclude<DeskOutcome, { readonly result: 'refused' }>;

export function noticeLine(notice: DeskNotice): string | undefined {
  switch (notice.notice) {
    case 'making-keys':
      return `Raw card ${toHex(notice.serial)}: the card makes its keys …`;
    case 'writing':
      return `Card ${toHex(notice.cardId)}: writing …`;
    case 'reading-back':
      return 'Reading back …';
    case 'resuming':
      return `The issue of this card to ${notice.note.holder} was cut short; it is being finished …`;
    case 'outcome':
      return undefined;
  }
}

export function doneLines(scheme: Scheme, outcome: Done): readonly string[] {
  switch (outcome.result) {
    case 'issued':
      return [
        `Card ${toHex(outcome.cardId)} belongs to ${outcome.holder} until ${formatTime(outcome.expiry).slice(0, 10)}.`,
      ];
    case 'ordered':
      return [
        `${orderWords[outcome.order]}: card ${toHex(outcome.cardId)}.`,
        ...(outcome.pinBlocked === true
          ? ['It stays blocked, for no PIN try is left: ./epurse personalize pin-reset gives it a new PIN.']
          : []),
        ...(outcome.order === 'retire'
          ? [
              `It held ${balances(scheme, outcome).map(formatMoney).join(', ')}; the issuer pays that after the waiting period.`,
            ]
          : []),
      ];
  }
}

export function doneFields(scheme: Scheme, outcome: Done): Fields {
  switch (outcome.result) {
    case 'issued':
      return {
        card: toHex(outcome.cardId),
        holder: outcome.holder,
        expiry: formatTime(outcome.expiry),
        resumed: outcome.resumed,
      };
    case 'ordered':
      return {
        card: toHex(outcome.cardId),
        order: outcome.order,
        ...(outcome.order === 'unblock' ? { blocked: outcome.pinBlocked === true } : {}),
        ...(outcome.order === 'retire' ? { closing: balances(scheme, outcome).map(moneyFields) } : {}),
      };
  }
}

const orderWords: Readonly<Record<DeskOrder, string>> = {
  unblock: 'Unblocked',
  pinReset: 'New PIN set',
  retire: 'Retired',
  parameters: 'New parameters taken',
};

function balances(scheme: Scheme, { proof }: Extract<Done, { readonly result: 'ordered' }>): Money[] {
  return proof.statement.balances.flatMap(({ balance }, slot) => {
    const unit = scheme.units[slot];
    return unit === undefined ? [] : [moneyFromWire(balance, unit.code)];
  });
}

function moneyFields(value: Money): Fields {
  const { amount, unit } = moneyToJson(value);
  return { amount, unit };
}
