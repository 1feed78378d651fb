/** Amounts in a card's purses, in minor units, by slot. Pure. */
import type { Unit } from '../../../host/protocol/codec/units.js';
import { dollar, euro, points } from '../../helpers/scheme.js';

/** Units of the slots; the last is the loyalty unit. */
export const units: readonly Unit[] = [euro, dollar, points];

/** One for each slot. */
export type Amounts = readonly number[];

/** With its sign: a load, an unload; what a payment takes and gives. */
export interface Amount {
  readonly slot: number;
  readonly amount: number;
}

export function unitOf(slot: number): Unit {
  const unit = units[slot];
  if (unit === undefined) throw new RangeError(`there is no slot ${slot}`);
  return unit;
}

export const nothing: Amounts = units.map(() => 0);

export function at(amounts: Amounts, slot: number): number {
  const amount = amounts[slot];
  if (amount === undefined) throw new RangeError(`there is no slot ${slot}`);
  return amount;
}

export function plus(amounts: Amounts, { slot, amount }: Amount): Amounts {
  return amounts.map((one, other) => (other === slot ? one + amount : one));
}

export function sumOf(amounts: readonly Amount[]): Amounts {
  return amounts.reduce<Amounts>(plus, nothing);
}

export function difference(to: Amounts, from: Amounts): Amounts {
  return to.map((one, slot) => one - at(from, slot));
}

export function same(one: Amounts, other: Amounts): boolean {
  return one.every((amount, slot) => amount === at(other, slot));
}

export function isNothing(amounts: Amounts): boolean {
  return same(amounts, nothing);
}

export function inWords({ slot, amount }: { readonly slot: number; readonly amount: number | bigint }): string {
  const unit = unitOf(slot);
  return `${(Number(amount) / 10 ** unit.digits).toFixed(unit.digits)} ${unit.name}`;
}

/** What a card holds, empty purses left out. */
export function allInWords(amounts: Amounts): string {
  const some = amounts.flatMap((amount, slot) => (amount === 0 ? [] : [inWords({ slot, amount })]));
  return some.length === 0 ? 'nothing' : some.join(', ');
}
