/** Units of account: ISO 4217 currencies and loyalty points, from apdu-specs/parameters.yaml. */
import { units as unitTable } from '../generated/parameters.js';

export interface Unit {
  /** 16 bits as the card stores them: ISO 4217 numeric code as packed decimal (EMV tag 5F2A); F… is not a currency. */
  readonly code: number;
  /** ISO 4217 letters, or PTS. */
  readonly name: string;
  /** Decimal digits after the point. */
  readonly digits: number;
  /** For people. */
  readonly symbol: string;
}

export const units: readonly Unit[] = unitTable;

/** @throws RangeError for a code that is in no list */
export function unitByCode(code: number): Unit {
  const unit = units.find((candidate) => candidate.code === code);
  if (!unit) throw new RangeError(`there is no unit ${code.toString(16).toUpperCase().padStart(4, '0')}`);
  return unit;
}

/** @throws RangeError for a name that is in no list */
export function unitByName(name: string): Unit {
  const unit = units.find((candidate) => candidate.name === name);
  if (!unit) throw new RangeError(`there is no unit "${name}"`);
  return unit;
}
