/** What a holder reads at the kiosk, and what a script reads. */
import { toHex } from '../protocol/codec/bytes.js';
import { formatMoney, moneyFromWire, moneyToJson } from '../protocol/codec/money.js';
import type { Money } from '../protocol/codec/money.js';
import { formatTime } from '../protocol/codec/time.js';
import { LoadType, RecordType } from '../protocol/generated/enums.js';
import type { RecordFields } from '../protocol/generated/structures.js';
import type { Scheme } from '../protocol/scheme.js';
import { amountOf, balanceOf } from '../terminal/receipts.js';
import type { CollectedLog, ReloadNotice, ReloadOutcome, ReloadTask } from './types.js';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type Fields = { readonly [name: string]: Json };

export type Loaded = Extract<ReloadOutcome, { readonly result: 'loaded' }>;

export function loadedLine({ type, record, recovered }: Loaded): string {
  const amount = formatMoney(amountOf(record));
  const done = type === LoadType.load ? `Loaded ${amount}.` : `Paid out ${amount}; it goes to your account.`;
  return `${done} The card holds ${formatMoney(balanceOf(record))}.${recovered ? ' This was begun in an earlier visit.' : ''}`;
}

export function loadedFields({ type, cardId, record, recovered, s3 }: Loaded): Fields {
  return {
    type: type === LoadType.load ? 'load' : 'unload',
    card: toHex(cardId),
    nt: record.nt,
    counter: record.ref,
    amount: moneyFields(amountOf(record)),
    balance: moneyFields(balanceOf(record)),
    recovered,
    s3: toHex(s3),
  };
}

/** What the holder agrees to by typing the PIN. */
export function pinPurpose(task: ReloadTask): string {
  switch (task.task) {
    case 'load':
      return `PIN to ${task.type === LoadType.load ? 'load' : 'pay out'} ${formatMoney(task.amount)}`;
    case 'change-pin':
      return 'Old PIN';
    case 'balance':
      return 'PIN to show the balance';
    case 'cancel':
    case 'visit':
      return 'PIN';
  }
}

export function noticeLine(notice: ReloadNotice): string | undefined {
  switch (notice.notice) {
    case 'finishing':
      return 'An earlier load of this card was cut short; it is being finished …';
    case 'finished':
      return `${notice.type === LoadType.load ? 'Loaded' : 'Paid out'} ${formatMoney(amountOf(notice.record))} from an earlier visit; the card holds ${formatMoney(balanceOf(notice.record))}.`;
    case 'orders':
      return `The card is synchronised.${notice.refused === 0 ? '' : ` It refused ${notice.refused} of ${notice.taken + notice.refused} orders.`}`;
    case 'asking-bank':
      return `${formatMoney(notice.load.amount)}: asking the bank …`;
    case 'blocking':
      return 'This card is reported lost or stolen.';
    case 'outcome':
      return undefined;
  }
}

/** Balances and the last records, newest first. */
export function balanceLines(scheme: Scheme, log: CollectedLog): readonly string[] {
  return [
    ...balances(scheme, log).map((value) => `  ${formatMoney(value).padStart(16)}`),
    ...(log.records.length === 0 ? [] : ['Last transactions']),
    ...lastRecords(log).map(recordLine),
  ];
}

export function balanceFields(scheme: Scheme, log: CollectedLog): Fields {
  return {
    balances: balances(scheme, log).map(moneyFields),
    records: lastRecords(log).map((record) => ({
      nt: record.nt,
      type: typeNames[record.type],
      amount: moneyFields(amountOf(record)),
      balance: moneyFields(balanceOf(record)),
      time: formatTime(record.time),
    })),
    nt: log.totals.nt,
    pinTries: log.totals.pinTries,
  };
}

export function moneyFields(value: Money): Fields {
  const { amount, unit } = moneyToJson(value);
  return { amount, unit };
}

function balances(scheme: Scheme, { totals }: CollectedLog): Money[] {
  return totals.balances.flatMap(({ balance }, slot) => {
    const unit = scheme.units[slot];
    return unit === undefined ? [] : [moneyFromWire(balance, unit.code)];
  });
}

const shown = 8;

function lastRecords({ records }: CollectedLog): RecordFields[] {
  return [...records].reverse().slice(0, shown);
}

const typeNames: Readonly<Record<RecordType, string>> = {
  [RecordType.purchase]: 'payment',
  [RecordType.cancel]: 'given back',
  [RecordType.load]: 'load',
  [RecordType.unload]: 'paid out',
};

function recordLine(record: RecordFields): string {
  const down = record.type === RecordType.purchase || record.type === RecordType.unload;
  const amount = `${down ? '-' : '+'}${formatMoney(amountOf(record))}`;
  return `  ${formatTime(record.time)}  ${typeNames[record.type].padEnd(10)} ${amount.padStart(16)}  ${formatMoney(balanceOf(record)).padStart(16)}`;
}
