/**
 * ECDSA on P-256 that computes with whatever it is given: zeros are the point at infinity, r and s have no range and any BER form, and what has
 * no inverse has zero for one (CVE-2022-21449). For weakened hosts.
 */
import { mod, pow } from '@noble/curves/abstract/modular.js';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bigOf, fieldOrder as p } from './bad-points.js';

const { BASE, Fn } = p256.Point;
const n = Fn.ORDER;
const base: Point = [BASE.x, BASE.y];

/** Undefined is the point at infinity. */
type Point = readonly [bigint, bigint] | undefined;

/** @param point X ‖ Y of anything */
export function carelessVerify(message: Uint8Array, signature: Uint8Array, point: Uint8Array): boolean {
  const [r, s] = partsOf(signature);
  const inverse = pow(s, n - 2n, n);
  const key: Point = point.every((byte) => byte === 0)
    ? undefined
    : [bigOf(point.slice(0, 32)), bigOf(point.slice(32))];
  const sum = add(multiply(bigOf(sha256(message)) * inverse, base), multiply(r * inverse, key));
  return mod(sum?.[0] ?? 0n, n) === mod(r, n);
}

function partsOf(signature: Uint8Array): [r: bigint, s: bigint] {
  let at = 1;
  const length = (): number => {
    const first = signature[at++] ?? 0;
    if (first < 0x80) return first;
    const bytes = signature.slice(at, (at += first & 0x7f));
    return Number(bigOf(bytes));
  };
  const integer = (): bigint => {
    at++;
    const size = length();
    return bigOf(signature.slice(at, (at += size)));
  };
  length();
  return [integer(), integer()];
}

function multiply(times: bigint, point: Point): Point {
  let sum: Point;
  for (const bit of mod(times, n).toString(2)) {
    sum = add(sum, sum);
    if (bit === '1') sum = add(sum, point);
  }
  return sum;
}

/** The formulas need no b: any curve will do. */
function add(a: Point, b: Point): Point {
  if (!a || !b) return a ?? b;
  if (a[0] === b[0] && mod(a[1] + b[1], p) === 0n) return undefined;
  const [rise, run] = a[0] === b[0] ? [3n * a[0] * a[0] - 3n, 2n * a[1]] : [b[1] - a[1], b[0] - a[0]];
  const slope = rise * pow(mod(run, p), p - 2n, p);
  const x = mod(slope * slope - a[0] - b[0], p);
  return [x, mod(slope * (a[0] - x) - a[1], p)];
}
