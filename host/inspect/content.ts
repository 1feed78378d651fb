/** A card's balances, sums and log in words and as data. */
import { toHex } from '../protocol/codec/bytes.js';
import { formatMoney, moneyFromWire, moneyToJson } from '../protocol/codec/money.js';
import type { Money } from '../protocol/codec/money.js';
import { formatTime } from '../protocol/codec/time.js';
import { recordTypeNames } from '../protocol/generated/enums.js';
import type { BalanceFields, RecordFields, TotalsFields } from '../protocol/generated/structures.js';
import type { Scheme } from '../protocol/scheme.js';
import type { Fields } from '../cli/output.js';
import { amountOf, balanceOf } from '../terminal/receipts.js';

export function contentLines(
  scheme: Scheme,
  totals: TotalsFields,
  records: readonly RecordFields[],
): readonly string[] {
  const { balances, pinlessSums, offlineSums } = totals;
  return [
    '',
    'purse          balance      without PIN          offline',
    ...scheme.units.map((_, slot) =>
      [balances, pinlessSums, offlineSums]
        .map((list) => formatMoney(inSlot(scheme, list, slot)).padStart(16))
        .join(' '),
    ),
    `records the issuer has: up to ${totals.acknowledged} of ${totals.nt}; debits since then: ${totals.offlineCount}, cancels: ${totals.cancels}`,
    `orders taken: ${totals.orderCounter}; last block order ${totals.blockNumber}, last unblock ${totals.unblockNumber}`,
    '',
    ...records.map(recordLine),
  ];
}

export function contentFields(scheme: Scheme, totals: TotalsFields, records: readonly RecordFields[]): Fields {
  const list = (values: readonly BalanceFields[]): Fields[] =>
    scheme.units.map((_, slot) => moneyFields(inSlot(scheme, values, slot)));
  return {
    balances: list(totals.balances),
    pinlessSums: list(totals.pinlessSums),
    offlineSums: list(totals.offlineSums),
    acknowledged: totals.acknowledged,
    offlineCount: totals.offlineCount,
    cancels: totals.cancels,
    orderCounter: totals.orderCounter,
    blockNumber: totals.blockNumber,
    unblockNumber: totals.unblockNumber,
    records: records.map((record) => ({
      nt: record.nt,
      type: recordTypeNames[record.type],
      tn: record.tn,
      terminal: toHex(record.terminalId),
      amount: moneyFields(amountOf(record)),
      balance: moneyFields(balanceOf(record)),
      points: record.points,
      time: formatTime(record.time),
      ref: record.ref,
    })),
  };
}

function recordLine(record: RecordFields): string {
  const { nt, type, terminalId, time } = record;
  const amount = formatMoney(amountOf(record)).padStart(16);
  return `${String(nt).padStart(6)}  ${formatTime(time)}  ${recordTypeNames[type].padEnd(9)} ${amount}  ${formatMoney(balanceOf(record)).padStart(16)}  ${toHex(terminalId)}`;
}

function inSlot({ units }: Scheme, values: readonly BalanceFields[], slot: number): Money {
  const unit = units[slot];
  if (unit === undefined) throw new RangeError(`no card has a purse slot ${slot}`);
  return moneyFromWire(values[slot]?.balance ?? 0, unit.code);
}

function moneyFields(value: Money): Fields {
  const { amount, unit } = moneyToJson(value);
  return { amount, unit };
}
