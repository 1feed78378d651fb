/**
 * Money: a whole number of minor units and the unit, never a `number`. The only place where amounts are read, written and
 * added. On the card link an amount is an unsigned 32-bit number of minor units.
 */
import { unitByCode, unitByName } from './units.js';
import type { Unit } from './units.js';

export type { Unit } from './units.js';

export interface Money {
  /** Minor units (cents). Negative only as a difference, never on the card. */
  readonly amount: bigint;
  readonly unit: Unit;
}

/** How JSON carries money: decimal text with the unit's digits, and the unit's name. */
export interface MoneyJson {
  readonly amount: string;
  readonly unit: string;
}

export type MoneyErrorCode =
  /** Not a decimal number with exactly the unit's digits. */
  | 'format'
  /** Below zero. */
  | 'negative'
  /** Zero where something has to be paid. */
  | 'zero'
  /** More than a card can hold or a line can show. */
  | 'too-large'
  /** Two units that do not go together, or one nobody knows. */
  | 'unit';

/** `message` is a sentence for a person. */
export class MoneyError extends Error {
  override readonly name = 'MoneyError';
  constructor(
    readonly code: MoneyErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Most a purse slot holds and a record carries, in minor units. */
export const largestAmount = 0xffff_ffffn;

/** Longest text {@link parseMoney} looks at; 15 digits before the point are more than any scheme owes. */
const longestText = 18;

export function money(amount: bigint, unit: Unit): Money {
  return { amount, unit };
}

export function zero(unit: Unit): Money {
  return { amount: 0n, unit };
}

/**
 * Reads "3.50" (EUR) or "12" (points): no sign, no leading zeros, no spaces, exactly the unit's digits.
 *
 * @throws MoneyError format, negative, too-large
 */
export function parseMoney(text: string, unit: Unit): Money {
  if (/^-\d/.test(text)) throw new MoneyError('negative', `"${text}" is below zero.`);
  if (/^\d+(\.\d+)?$/.test(text) && text.length > longestText)
    throw new MoneyError('too-large', 'That amount is too large.');
  const digits = unit.digits === 0 ? '' : `\\.\\d{${unit.digits}}`;
  if (!new RegExp(`^(0|[1-9]\\d*)${digits}$`).test(text)) {
    throw new MoneyError(
      'format',
      `"${text.slice(0, 40)}" is not an amount of ${unit.name}: write it like ${example(unit)}.`,
    );
  }
  return { amount: BigInt(text.replace('.', '')), unit };
}

/**
 * Reads an amount to be moved: as {@link parseMoney}, above zero, and not more than a card can hold.
 *
 * @throws MoneyError format, negative, zero, too-large
 */
export function parseAmount(text: string, unit: Unit): Money {
  const value = parseMoney(text, unit);
  if (value.amount === 0n) throw new MoneyError('zero', 'The amount has to be more than zero.');
  if (value.amount > largestAmount) throw new MoneyError('too-large', `No card can hold ${formatMoney(value)}.`);
  return value;
}

/** The digits alone: "3.50". */
export function formatAmount({ amount, unit }: Money): string {
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(unit.digits + 1, '0');
  if (unit.digits === 0) return sign + digits;
  return `${sign}${digits.slice(0, -unit.digits)}.${digits.slice(-unit.digits)}`;
}

/** For people: "3.50 EUR". */
export function formatMoney(value: Money): string {
  return `${formatAmount(value)} ${value.unit.name}`;
}

export function moneyToJson(value: Money): MoneyJson {
  return { amount: formatAmount(value), unit: value.unit.name };
}

/** Reads what {@link moneyToJson} writes, differences below zero included. @throws MoneyError */
export function moneyFromJson(json: MoneyJson): Money {
  const unit = unitNamed(json.unit);
  if (!json.amount.startsWith('-')) return parseMoney(json.amount, unit);
  const { amount } = parseMoney(json.amount.slice(1), unit);
  if (amount === 0n) throw new MoneyError('format', '"-0" is not an amount.');
  return { amount: -amount, unit };
}

/** From the card link. @throws MoneyError unit */
export function moneyFromWire(amount: number, unitCode: number): Money {
  try {
    return { amount: BigInt(amount), unit: unitByCode(unitCode) };
  } catch {
    throw new MoneyError(
      'unit',
      `The card names the unit ${unitCode.toString(16).toUpperCase()}, which nobody here knows.`,
    );
  }
}

/** For the card link. @throws MoneyError negative, too-large */
export function moneyToWire(value: Money): number {
  if (value.amount < 0n) throw new MoneyError('negative', `${formatMoney(value)} is below zero.`);
  if (value.amount > largestAmount) throw new MoneyError('too-large', `No card can hold ${formatMoney(value)}.`);
  return Number(value.amount);
}

/** @throws MoneyError unit */
export function add(a: Money, b: Money): Money {
  return { amount: a.amount + sameUnit(a, b).amount, unit: a.unit };
}

/** May go below zero. @throws MoneyError unit */
export function subtract(a: Money, b: Money): Money {
  return { amount: a.amount - sameUnit(a, b).amount, unit: a.unit };
}

/** Below, above or zero as `a` is less than, more than or equal to `b`. @throws MoneyError unit */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  const difference = a.amount - sameUnit(a, b).amount;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** @throws MoneyError unit */
export function least(first: Money, ...others: readonly Money[]): Money {
  return others.reduce((low, other) => (compare(other, low) < 0 ? other : low), first);
}

/** @throws MoneyError unit */
export function sum(values: readonly Money[], unit: Unit): Money {
  return values.reduce(add, zero(unit));
}

function sameUnit(a: Money, b: Money): Money {
  if (a.unit.code !== b.unit.code)
    throw new MoneyError('unit', `${a.unit.name} and ${b.unit.name} do not go together.`);
  return b;
}

function unitNamed(name: string): Unit {
  try {
    return unitByName(name);
  } catch {
    throw new MoneyError('unit', `"${name}" is not a unit of this scheme.`);
  }
}

function example(unit: Unit): string {
  return formatAmount({
    amount: 3n * 10n ** BigInt(unit.digits) + (unit.digits > 0 ? 5n * 10n ** BigInt(unit.digits - 1) : 0n),
    unit,
  });
}
