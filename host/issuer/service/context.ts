/** What every service of the issuer works with; passed in, never global. */
import type { Clock } from '../../protocol/codec/time.js';
import { unitByCode } from '../../protocol/codec/units.js';
import type { Unit } from '../../protocol/codec/units.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import type { Scheme } from '../../protocol/scheme.js';
import type { Policy } from '../domain/policy.js';
import type { FundingPort } from '../funding/port.js';
import type { Keyring } from '../pki/keyring.js';
import type { Store } from '../store/database.js';
import type { BulkVerifier } from '../verify/pool.js';
import type { SigningKeys } from './signing-keys.js';

export interface Issuer {
  readonly store: Store;
  readonly scheme: Scheme;
  readonly keys: Keyring;
  readonly policy: Policy;
  readonly funding: FundingPort;
  readonly clock: Clock;
  readonly verifier: BulkVerifier;
  readonly signingKeys: SigningKeys;
}

/** Something a terminal sent does not hold. */
export function rejected(message: string, cause?: unknown): IssuerError {
  return new IssuerError('rejected', message, cause === undefined ? undefined : { cause });
}

/** The same id was used before, with other content. */
export function conflict(message: string): IssuerError {
  return new IssuerError('conflict', message);
}

export function unknownCard(cardId: string): IssuerError {
  return new IssuerError('unknown-card', `The card ${cardId} was never issued here.`);
}

/** Reads what a terminal sent; anything a codec refuses is a rejection that names it. */
export function reading<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw rejected(`The ${what} cannot be read: ${why}.`, cause);
  }
}

/** Unit of a code this scheme uses. @throws IssuerError rejected */
export function schemeUnit(issuer: Issuer, code: number): Unit {
  if (!issuer.scheme.units.some((unit) => unit.code === code)) throw rejected('The unit is not one of this scheme.');
  return unitByCode(code);
}
