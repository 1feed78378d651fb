/** Does a record follow from the one before it? balance(NT) = balance before ± amount, slot by slot, points included. */
import type { CardFault } from './findings.js';
import { moved } from './records.js';
import type { RecordFacts } from './records.js';

/** Of one parameter set. */
export interface PointsRule {
  /** Per slot: one point for each full step; 0n = none. */
  readonly steps: readonly bigint[];
  /** Most the loyalty slot holds. */
  readonly max: bigint;
}

/**
 * @param balances of all slots before the record
 * @param cancelled the record a cancel names, where it is known
 * @param rules by parameter version
 * @returns what is wrong, or undefined
 */
export function flawOf(
  facts: RecordFacts,
  balances: readonly bigint[],
  cancelled: RecordFacts | undefined,
  rules: ReadonlyMap<number, PointsRule>,
): CardFault | undefined {
  if (facts.kind === 'cancel' && !cancels(facts, cancelled)) return 'cancel-chain';
  const points = expectedPoints(facts, balances, cancelled, rules);
  if (points === undefined) return 'unknown-parameters';
  if (points !== facts.points.amount) return 'points-rule';
  const after = moved(balances, facts);
  if (after.some((balance) => balance < 0n)) return 'negative-balance';
  if (after[facts.slot] !== facts.balance || after[facts.pointsSlot] !== facts.pointsBalance) return 'balance-chain';
  return undefined;
}

/** CANCEL LAST undoes the newest record, whole, at the terminal that made it. */
function cancels(facts: RecordFacts, purchase: RecordFacts | undefined): boolean {
  return (
    purchase?.kind === 'purchase' &&
    facts.ref === facts.nt - 1 &&
    purchase.nt === facts.ref &&
    purchase.terminalId === facts.terminalId &&
    purchase.slot === facts.slot &&
    purchase.money.amount === facts.money.amount
  );
}

function expectedPoints(
  facts: RecordFacts,
  balances: readonly bigint[],
  cancelled: RecordFacts | undefined,
  rules: ReadonlyMap<number, PointsRule>,
): bigint | undefined {
  switch (facts.kind) {
    case 'purchase': {
      const rule = rules.get(facts.parametersVersion);
      if (rule === undefined) return undefined;
      const step = rule.steps[facts.slot] ?? 0n;
      if (step === 0n || facts.slot === facts.pointsSlot) return 0n;
      const earned = facts.money.amount / step;
      const room = rule.max - (balances[facts.pointsSlot] ?? 0n);
      return earned < room ? earned : room > 0n ? room : 0n;
    }
    case 'cancel':
      return cancelled?.points.amount ?? 0n;
    case 'load':
    case 'unload':
      return 0n;
  }
}
