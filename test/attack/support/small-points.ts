/** Points of small order on other curves than P-256, y² = x³ − 3x + b with another b: whoever multiplies them tells his factor by their order. */
import { mod, pow } from '@noble/curves/abstract/modular.js';
import { concat } from '../../../host/protocol/codec/bytes.js';
import { coordinate, fieldOrder as p } from './bad-points.js';

export interface SmallPoint {
  /** X ‖ Y, 64 bytes. */
  readonly point: Uint8Array;
  readonly order: bigint;
  /** What ECDH gives with a factor that the order divides not (its x-coordinate), and with one that it does. */
  readonly shared: { readonly other: Uint8Array; readonly multiple: Uint8Array };
}

/** With Y = 0 the tangent is upright: twice the point is infinity. */
const ofOrderTwo = small(2n, 1n, 0n);

export const smallPoints: readonly SmallPoint[] = [ofOrderTwo, ofOrderThree()];

/** Three times the point is infinity where 3x⁴ − 18x² + 12bx − 9 = 0: the first x whose b has a y. */
function ofOrderThree(): SmallPoint {
  for (let x = 2n; ; x++) {
    const b = mod((9n + 18n * x ** 2n - 3n * x ** 4n) * pow(12n * x, p - 2n, p), p);
    const square = mod(x ** 3n - 3n * x + b, p);
    const y = pow(square, (p + 1n) / 4n, p);
    if (mod(y * y, p) === square) return small(3n, x, y);
  }
}

function small(order: bigint, x: bigint, y: bigint): SmallPoint {
  const shared = { other: coordinate(x), multiple: new Uint8Array(32) };
  return { point: concat(coordinate(x), coordinate(y)), order, shared };
}
