/** DER signatures (SEC 1 section C.5, X.690) that are not what they should be, made out of good ones. */
import { concat } from '../../../host/protocol/codec/bytes.js';

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const sequence = 0x30;
const integer = 0x02;

/** The shortest two's complement of a number that is not negative. */
function minimal(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const bytes = Uint8Array.from((hex.length % 2 ? `0${hex}` : hex).match(/../g) ?? [], (pair) => parseInt(pair, 16));
  return (bytes[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes;
}

function object(tag: number, content: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(tag, content.length), content);
}

function der(r: Uint8Array, s: Uint8Array): Uint8Array {
  return object(sequence, concat(object(integer, r), object(integer, s)));
}

interface Parts {
  readonly r: bigint;
  readonly s: bigint;
}

function partsOf(signature: Uint8Array): Parts {
  const lengthOfR = signature[3] ?? 0;
  const number = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { r: number(signature.slice(4, 4 + lengthOfR)), s: number(signature.slice(6 + lengthOfR)) };
}

/** The other signature that verifies over the same message: (r, n − s). Good as well; anybody can make it. */
export function twin(signature: Uint8Array): Uint8Array {
  const { r, s } = partsOf(signature);
  return der(minimal(r), minimal(order - s));
}

/** r of a good signature: the number that must never come twice. */
export function rOf(signature: Uint8Array): string {
  return partsOf(signature).r.toString(16);
}

const zero = Uint8Array.of(0);

/** By name, signatures that must not verify although `good` does. */
export function badSignatures(good: Uint8Array): Record<string, Uint8Array> {
  const { r, s } = partsOf(good);
  const [R, S] = [minimal(r), minimal(s)];
  const inside = good.slice(2);
  return {
    'r is zero': der(zero, S),
    's is zero': der(R, zero),
    'both are zero': der(zero, zero),
    'r is the order': der(minimal(order), S),
    's is the order': der(R, minimal(order)),
    's is above the order': der(R, minimal(s + order)),
    'r is above the order': der(minimal(r + order), S),
    'r is negative': der(Uint8Array.of(0xff, ...minimal(r).slice(-31)), S),
    'r lacks the zero before a high bit, or has one too many': der(R[0] === 0 ? R.slice(1) : concat(zero, R), S),
    's lacks the zero before a high bit, or has one too many': der(R, S[0] === 0 ? S.slice(1) : concat(zero, S)),
    'r has two zeros in front': der(concat(zero, zero, R), S),
    's has two zeros in front': der(R, concat(zero, zero, S)),
    'r and s exchanged': der(S, R),
    'r is empty': der(new Uint8Array(0), S),
    's is missing': object(sequence, object(integer, R)),
    'a third number': object(sequence, concat(inside, object(integer, Uint8Array.of(1)))),
    'a byte behind': concat(good, zero),
    'a byte less': good.slice(0, -1),
    'a length in two bytes': concat(Uint8Array.of(sequence, 0x81, inside.length), inside),
    'the length of r in two bytes': object(
      sequence,
      concat(Uint8Array.of(integer, 0x81, R.length), R, object(integer, S)),
    ),
    'of indefinite length': concat(Uint8Array.of(sequence, 0x80), inside, zero, zero),
    'a length too long by one': concat(Uint8Array.of(sequence, inside.length + 1), inside),
    'a length too short by one': concat(Uint8Array.of(sequence, inside.length - 1), inside),
    'a set': concat(Uint8Array.of(0x31), good.slice(1)),
    'a bit string for r': object(sequence, concat(object(0x03, R), object(integer, S))),
    'a primitive sequence': concat(Uint8Array.of(0x10), good.slice(1)),
    'eight zeros': new Uint8Array(8),
    'all ones': new Uint8Array(72).fill(0xff),
    'the two numbers without any frame': concat(R.slice(-32), S.slice(-32)),
  };
}
