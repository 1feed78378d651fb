/** Records, books and claims for tests of the issuer's rules: a card with 100.00 EUR that pays in one shop. */
import { Book } from '../../../host/issuer/domain/book.js';
import type { BookLoad, BookState } from '../../../host/issuer/domain/book.js';
import type { Claim } from '../../../host/issuer/domain/claims.js';
import type { RecordFacts, RecordKind } from '../../../host/issuer/domain/records.js';
import { dollar, euro, points } from '../../helpers/scheme.js';

export const cardId = '0102030405060708';
export const pos = 'aaaaaaaaaaaaaaaa';
export const merchant = '0000000100000001';

/** A card with 100.00 EUR, nothing recorded yet but what brought it there. */
export function book(changes: Partial<BookState> = {}): Book {
  return new Book({
    cardId,
    units: [euro, dollar, points],
    standing: 'live',
    fault: undefined,
    nt: 1,
    balances: [100_00n, 0n, 0n],
    records: [],
    loads: [],
    pointsRules: new Map([[1, { steps: [100n, 0n, 0n], max: 1_000n }]]),
    voided: new Set(),
    ...changes,
  });
}

export function record(
  kind: RecordKind,
  nt: number,
  amount: bigint,
  balance: bigint,
  changes: Partial<RecordFacts> = {},
): RecordFacts {
  const earned = kind === 'purchase' || kind === 'cancel' ? amount / 100n : 0n;
  return {
    kind,
    nt,
    tn: nt * 10,
    terminalId: kind === 'load' || kind === 'unload' ? 'bbbbbbbbbbbbbbbb' : pos,
    merchant: kind === 'load' || kind === 'unload' ? '0000000000000000' : merchant,
    slot: 0,
    money: { amount, unit: euro },
    balance,
    points: { amount: earned, unit: points },
    pointsSlot: 2,
    pointsBalance: earned,
    time: 1_000,
    parametersVersion: 1,
    ref: 0,
    ...changes,
  };
}

export const authorised: BookLoad = { counter: 7, kind: 'load', slot: 0, amount: 20_00n, state: 'authorised' };

export const claim: Claim = {
  terminalId: pos,
  merchant,
  effective: 0,
  expiry: 10_000,
  revokedAt: undefined,
  limits: new Map([[euro.code, 50_00n]]),
  now: 1_500,
  window: 1_000,
  lastTn: 1_000,
  before: { lastTn: 0, closedAt: 0 },
  refusedFrom: undefined,
};
