/** Transaction records as the ledger sees them: identifiers as text, amounts as money. */
import type { Money } from '../../protocol/codec/money.js';
import type { MerchantKey } from './accounts.js';

export type RecordKind = 'purchase' | 'cancel' | 'load' | 'unload';

/** What a record does to the balances of its card. */
export interface Movement {
  readonly kind: RecordKind;
  readonly slot: number;
  readonly money: Money;
  /** Awarded by a purchase, taken back by a cancel; zero otherwise. */
  readonly points: Money;
  readonly pointsSlot: number;
  /** Whose purchase or cancel it is; zeros for load and unload. */
  readonly merchant: MerchantKey;
}

export interface RecordFacts extends Movement {
  /** Card's transaction counter. */
  readonly nt: number;
  /** Terminal's transaction number; 0 for load and unload. */
  readonly tn: number;
  /** 8 bytes in hexadecimal. */
  readonly terminalId: string;
  /** Of the slot, after the transaction. */
  readonly balance: bigint;
  readonly pointsBalance: bigint;
  /** Terminal's time; for load and unload the authorisation's. */
  readonly time: number;
  readonly parametersVersion: number;
  /** Cancelled NT, or load counter; else 0. */
  readonly ref: number;
}

/** Change of a slot's balance: +1, -1 or 0 times the amount. */
export function signOf(kind: RecordKind): 1n | -1n {
  switch (kind) {
    case 'load':
    case 'cancel':
      return 1n;
    case 'purchase':
    case 'unload':
      return -1n;
  }
}

/** Points go against the money: up with a purchase, down with its cancel. */
export function signOfPoints(kind: RecordKind): 1n | -1n | 0n {
  switch (kind) {
    case 'purchase':
      return 1n;
    case 'cancel':
      return -1n;
    case 'load':
    case 'unload':
      return 0n;
  }
}

/** Balances of all slots after a movement. */
export function moved(balances: readonly bigint[], movement: Movement): readonly bigint[] {
  return balances.map((balance, slot) => {
    const money = slot === movement.slot ? signOf(movement.kind) * movement.money.amount : 0n;
    const points = slot === movement.pointsSlot ? signOfPoints(movement.kind) * movement.points.amount : 0n;
    return balance + money + points;
  });
}

export function sameFacts(a: RecordFacts, b: RecordFacts): boolean {
  return (
    a.kind === b.kind &&
    a.nt === b.nt &&
    a.tn === b.tn &&
    a.terminalId === b.terminalId &&
    a.merchant === b.merchant &&
    a.slot === b.slot &&
    sameMoney(a.money, b.money) &&
    sameMoney(a.points, b.points) &&
    a.balance === b.balance &&
    a.pointsBalance === b.pointsBalance &&
    a.time === b.time &&
    a.parametersVersion === b.parametersVersion &&
    a.ref === b.ref
  );
}

function sameMoney(a: Money, b: Money): boolean {
  return a.amount === b.amount && a.unit.code === b.unit.code;
}
