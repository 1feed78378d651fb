/** Receipts: the terminal's signature over the record, for the holder (R13), and the words around it. */
import { toHex } from '../protocol/codec/bytes.js';
import { formatMoney, moneyFromWire } from '../protocol/codec/money.js';
import type { Money } from '../protocol/codec/money.js';
import { formatTime } from '../protocol/codec/time.js';
import type { Signer } from '../protocol/crypto/ecdsa.js';
import { RecordType } from '../protocol/generated/enums.js';
import { pointsSlot } from '../protocol/generated/parameters.js';
import { recordCodec } from '../protocol/generated/structures.js';
import type { RecordFields } from '../protocol/generated/structures.js';
import type { Scheme } from '../protocol/scheme.js';
import { unitOfSlot } from '../protocol/scheme.js';
import { signReceipt } from '../protocol/signed/receipt.js';

export interface Receipt {
  /** Lines to print. */
  readonly lines: readonly string[];
  /** Structure `receipt` without its tag, and the terminal's signature: hexadecimal. */
  readonly record: string;
  readonly signature: string;
}

const titles: Readonly<Record<RecordType, string>> = {
  [RecordType.purchase]: 'PAYMENT',
  [RecordType.cancel]: 'CANCELLATION',
  [RecordType.load]: 'LOAD',
  [RecordType.unload]: 'PAYOUT',
};

/** A receipt can be made again at any time from the journal's record; its signature may then differ, what it signs does not. */
export function makeReceipt(scheme: Scheme, cardId: Uint8Array, record: RecordFields, signer: Signer): Receipt {
  const signature = signReceipt({ scheme: scheme.id, cardId, record }, signer);
  return {
    lines: [
      `${scheme.name} · ${titles[record.type]}`,
      `${formatTime(record.time)}   terminal ${toHex(record.terminalId)}`,
      ...(record.tn === 0 ? [] : [`transaction ${record.tn}`]),
      `card ${maskedCard(cardId)}   card transaction ${record.nt}`,
      `amount   ${formatMoney(amountOf(record)).padStart(16)}`,
      `balance  ${formatMoney(balanceOf(record)).padStart(16)}`,
      ...pointsLine(scheme, record),
      ...((record.flags & 1) !== 0 ? ['PIN verified'] : []),
      `signature ${toHex(signature)}`,
    ],
    record: toHex(recordCodec.encode(record)),
    signature: toHex(signature),
  };
}

/** The last four bytes: enough to tell one's cards apart. */
export function maskedCard(cardId: Uint8Array): string {
  return `…${toHex(cardId.slice(4))}`;
}

export function amountOf({ amount, unit }: RecordFields): Money {
  return moneyFromWire(amount, unit);
}

export function balanceOf({ balance, unit }: RecordFields): Money {
  return moneyFromWire(balance, unit);
}

function pointsLine(scheme: Scheme, { points, pointsBalance, type, slot }: RecordFields): string[] {
  if (points === 0 || slot === pointsSlot) return [];
  const unit = unitOfSlot(scheme, pointsSlot);
  const sign = type === RecordType.cancel ? '-' : '+';
  return [
    `points   ${(sign + String(points)).padStart(16)}   (${formatMoney(moneyFromWire(pointsBalance, unit.code))})`,
  ];
}
