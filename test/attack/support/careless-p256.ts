/**
 * ECDSA on P-256 that computes with whatever it is given: zeros are the point at infinity, r and s have no range and any BER form, and what has
 * no inverse has zero for one (CVE-2022-21449). For weakened hosts.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bigOf } from './bad-points.js';

const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const base: Point = [
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
];

/** Undefined is the point at infinity. */
type Point = readonly [bigint, bigint] | undefined;

/** @param point X ‖ Y of anything */
export function carelessVerify(message: Uint8Array, signature: Uint8Array, point: Uint8Array): boolean {
  const [r, s] = partsOf(signature);
  const inverse = power(s, n - 2n, n);
  const key: Point = point.every((byte) => byte === 0)
    ? undefined
    : [bigOf(point.slice(0, 32)), bigOf(point.slice(32))];
  const sum = add(multiply(bigOf(sha256(message)) * inverse, base), multiply(r * inverse, key));
  return modulo(sum?.[0] ?? 0n, n) === modulo(r, n);
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
  for (const bit of modulo(times, n).toString(2)) {
    sum = add(sum, sum);
    if (bit === '1') sum = add(sum, point);
  }
  return sum;
}

/** The formulas need no b: any curve will do. */
function add(a: Point, b: Point): Point {
  if (!a || !b) return a ?? b;
  if (a[0] === b[0] && modulo(a[1] + b[1], p) === 0n) return undefined;
  const [rise, run] = a[0] === b[0] ? [3n * a[0] * a[0] - 3n, 2n * a[1]] : [b[1] - a[1], b[0] - a[0]];
  const slope = rise * power(modulo(run, p), p - 2n, p);
  const x = modulo(slope * slope - a[0] - b[0], p);
  return [x, modulo(slope * (a[0] - x) - a[1], p)];
}

function power(of: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = modulo(result * result, modulus);
    if (bit === '1') result = modulo(result * of, modulus);
  }
  return result;
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}
