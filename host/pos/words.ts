/** What a cashier reads, and what a script reads: the same outcome twice. */
import { toHex } from '../protocol/codec/bytes.js';
import { formatMoney, moneyToJson } from '../protocol/codec/money.js';
import type { Money } from '../protocol/codec/money.js';
import { formatTime } from '../protocol/codec/time.js';
import { Outcome } from '../protocol/generated/enums.js';
import type { Order } from '../terminal/journal/state.js';
import { amountOf, balanceOf, makeReceipt, maskedCard } from '../terminal/receipts.js';
import type { Receipt } from '../terminal/receipts.js';
import { recordCodec } from '../protocol/generated/structures.js';
import type { Station } from '../terminal/station.js';
import { outcomeOf } from './batch.js';
import type { PosNotice, PosOutcome } from './types.js';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type Fields = { readonly [name: string]: Json };

export type PosResult = Extract<PosOutcome, { readonly result: 'paid' | 'cancelled' }>;

/** Lines under a payment or cancel that is done. */
export function resultLines(outcome: PosResult): readonly string[] {
  const { result, tn, record, recovered } = outcome;
  const amount = formatMoney(amountOf(record));
  const done = result === 'paid' ? `Paid ${amount}` : `Gave back ${amount}`;
  const earlier = recovered ? ' This was done before its answer got lost; nothing was taken twice.' : '';
  const points = record.points === 0 ? '' : ` Points ${result === 'paid' ? '+' : '-'}${record.points}.`;
  return [`${done}, number ${tn}. The card holds ${formatMoney(balanceOf(record))}.${points}${earlier}`];
}

export function resultFields(outcome: PosResult, receipt: Receipt): Fields {
  const { tn, cardId, record, recovered } = outcome;
  return {
    tn,
    nt: record.nt,
    card: toHex(cardId),
    amount: moneyFields(amountOf(record)),
    balance: moneyFields(balanceOf(record)),
    points: record.points,
    recovered,
    receipt: { record: receipt.record, signature: receipt.signature },
  };
}

export function noticeLine(notice: PosNotice): string | undefined {
  switch (notice.notice) {
    case 'resolving':
      return `Looking into number ${notice.order.tn} (${formatMoney(notice.order.amount)}), whose answer was lost …`;
    case 'resolved':
      return notice.executed
        ? `Number ${notice.order.tn} (${formatMoney(notice.order.amount)}) was carried out.`
        : `Number ${notice.order.tn} (${formatMoney(notice.order.amount)}) was not carried out; nothing moved.`;
    case 'blocking':
      return `The card ${maskedCard(notice.cardId)} is reported lost or stolen.`;
    case 'outcome':
      return undefined;
  }
}

export function moneyFields(value: Money): Fields {
  const { amount, unit } = moneyToJson(value);
  return { amount, unit };
}

const outcomeWords: Readonly<Record<Outcome, string>> = {
  [Outcome.sold]: 'sold',
  [Outcome.cancelled]: 'cancelled',
  [Outcome.void]: 'void',
  [Outcome.open]: 'open',
  [Outcome.cancel]: 'cancel',
};

export function orderLine(order: Order): string {
  const { tn, kind, amount, cardId, time } = order;
  const state = outcomeWords[outcomeOf(order)];
  return `${String(tn).padStart(6)}  ${formatTime(time)}  ${kind.padEnd(6)}  ${formatMoney(amount).padStart(14)}  ${maskedCard(cardId)}  ${state}`;
}

export function orderFields(order: Order): Fields {
  const { tn, kind, amount, cardId, time, ntSeen } = order;
  return {
    tn,
    kind,
    amount: moneyFields(amount),
    card: toHex(cardId),
    time: formatTime(time),
    ntSeen,
    state: outcomeWords[outcomeOf(order)],
  };
}

/** The receipt of an executed order, made again from the journal. */
export function receiptOf({ scheme, identity }: Station, order: Order): Receipt | undefined {
  if (order.end?.result !== 'executed') return undefined;
  return makeReceipt(scheme, order.cardId, recordCodec.decode(order.end.record), identity.signer);
}
