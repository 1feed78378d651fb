/**
 * M1, for one unit: what the scheme owes = what it holds and has lost.
 *
 *   cards + waiting + purchases + loads + payouts + fees = float + fraud + loyalty
 *
 * The left side comes from the operational tables (cards, records, claims, loads), the right side from the transfers, so the
 * equation compares two books kept apart. Fed with the balances of the cards themselves instead of their shadows, and with the
 * purchases the issuer has not seen, it is the property of the whole system.
 */
import type { Unit } from '../../protocol/codec/money.js';

export interface MoneyTerms {
  readonly unit: Unit;
  /** Balances of cards not retired. */
  readonly cards: bigint;
  /** Movements of records that wait for an earlier one: signed as they change a balance. Zero where `cards` are the true balances. */
  readonly waiting: bigint;
  /** Purchases net of cancels, not settled. */
  readonly purchases: bigint;
  /** Loads funded, neither credited nor given back. */
  readonly loads: bigint;
  /** Unloads, closing balances and forfeited purchases not paid to holders yet. */
  readonly payouts: bigint;
  /** Commission kept back: money in the float that is the scheme's own. */
  readonly fees: bigint;
  readonly float: bigint;
  readonly fraud: bigint;
  /** Points awarded and not redeemed; zero for money. */
  readonly loyalty: bigint;
}

export interface MoneyEquation {
  readonly unit: Unit;
  readonly owed: bigint;
  readonly held: bigint;
  /** owed - held: zero, always. */
  readonly difference: bigint;
  readonly holds: boolean;
}

export function moneyEquation(terms: MoneyTerms): MoneyEquation {
  const owed = terms.cards + terms.waiting + terms.purchases + terms.loads + terms.payouts + terms.fees;
  const held = terms.float + terms.fraud + terms.loyalty;
  return { unit: terms.unit, owed, held, difference: owed - held, holds: owed === held };
}
