/**
 * A debit or cancel order and its proof. The terminal rebuilds the record from what it wrote into its journal before it sent
 * the order; from the card it takes only what it cannot know: points, parameter version, PIN flag. S3 then covers all of it.
 */
import type { CardCertificate } from '../certificates/card.js';
import type { TerminalCertificate } from '../certificates/terminal.js';
import { moneyToWire } from '../codec/money.js';
import type { CancelAnswer, CancelRequest } from '../commands/cancel-last.js';
import type { RecordWithProof } from '../commands/credit.js';
import type { DebitAnswer, DebitOrder } from '../commands/debit.js';
import { RecordType } from '../generated/enums.js';
import type { RecordFields } from '../generated/structures.js';
import { proveRecord } from './record.js';

/** The card as the terminal saw it when it sent the order: S1, or the record before in the same session. */
export interface CardSeen {
  readonly nt: number;
  /** Of the order's slot, in minor units. */
  readonly balance: bigint;
}

/** The record a DEBIT has to have made. */
export function purchaseRecord(
  terminal: TerminalCertificate,
  order: DebitOrder,
  seen: CardSeen,
  answer: DebitAnswer,
): RecordFields {
  const balance = seen.balance - order.amount.amount;
  return {
    ...common(terminal, order, seen, answer),
    type: RecordType.purchase,
    balance: onWire(balance, order),
    ref: 0,
  };
}

/** The record a CANCEL LAST has to have made. */
export function cancelRecord(
  terminal: TerminalCertificate,
  order: CancelRequest,
  seen: CardSeen,
  answer: CancelAnswer,
): RecordFields {
  const balance = seen.balance + order.amount.amount;
  const ref = order.cancelledNt;
  return { ...common(terminal, order, seen, answer), type: RecordType.cancel, balance: onWire(balance, order), ref };
}

/** @throws CardError proof: no goods, the entry stays open */
export function provePurchase(
  card: CardCertificate,
  terminal: TerminalCertificate,
  order: DebitOrder,
  seen: CardSeen,
  answer: DebitAnswer,
): RecordWithProof {
  return proveRecord(card, { record: purchaseRecord(terminal, order, seen, answer), s3: answer.s3 }, 'DEBIT');
}

/** @throws CardError proof: the entry stays open */
export function proveCancel(
  card: CardCertificate,
  terminal: TerminalCertificate,
  order: CancelRequest,
  seen: CardSeen,
  answer: CancelAnswer,
): RecordWithProof {
  return proveRecord(card, { record: cancelRecord(terminal, order, seen, answer), s3: answer.s3 }, 'CANCEL_LAST');
}

function common(
  terminal: TerminalCertificate,
  { slot, amount, tn, time }: DebitOrder,
  seen: CardSeen,
  { points, pointsBalance, flags, parametersVersion }: DebitAnswer,
): Omit<RecordFields, 'type' | 'balance' | 'ref'> {
  const { terminalId, acquirerId, merchantId } = terminal;
  return {
    nt: seen.nt + 1,
    tn,
    terminalId,
    acquirerId,
    merchantId,
    slot,
    unit: amount.unit.code,
    amount: moneyToWire(amount),
    points,
    pointsBalance,
    time,
    flags,
    parametersVersion,
  };
}

function onWire(balance: bigint, { amount }: DebitOrder): number {
  return moneyToWire({ amount: balance, unit: amount.unit });
}
