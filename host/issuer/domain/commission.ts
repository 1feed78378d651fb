/** What a merchant pays for being settled: basis points of his sales less his cancels, in whole minor units. */

/** Basis points in one. */
const whole = 10_000n;

export interface SettledSums {
  readonly sold: bigint;
  readonly reversed: bigint;
  /** Decisions on cases, and payments that came back: nothing is charged on these. */
  readonly adjusted: bigint;
}

/**
 * @param sums minor units of one unit
 * @param basisPoints 0 to 10000
 * @returns minor units, rounded half to even; never more than there is to pay, never below zero
 */
export function commissionOf({ sold, reversed, adjusted }: SettledSums, basisPoints: number): bigint {
  const sales = sold - reversed;
  const net = sales + adjusted;
  if (sales <= 0n || net <= 0n) return 0n;
  const fee = halfEven(sales * BigInt(basisPoints), whole);
  return fee < net ? fee : net;
}

/** Both above or equal to zero. */
function halfEven(numerator: bigint, denominator: bigint): bigint {
  const [floor, twice] = [numerator / denominator, 2n * (numerator % denominator)];
  const up = twice > denominator || (twice === denominator && floor % 2n === 1n);
  return up ? floor + 1n : floor;
}
