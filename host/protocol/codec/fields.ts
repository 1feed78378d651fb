// The field types the generated codecs are built from: micro-packed coders that copy what they read, refuse lengths above their
// maximum and values outside a closed set. A structure's codec refuses trailing bytes and names the field that is wrong.
import * as P from 'micro-packed';

export type Codec<T> = P.CoderType<T>;

export const u8: Codec<number> = P.U8;
export const u16: Codec<number> = P.U16BE;
export const u32: Codec<number> = P.U32BE;
export const u64: Codec<bigint> = P.U64BE;

/** Exactly `length` bytes. */
export function bytes(length: number): Codec<Uint8Array> {
  return P.validate(P.bytes(length), copy);
}

/** A length byte, then at most `max` bytes. */
export function blob8(max: number): Codec<Uint8Array> {
  return P.validate(P.bytes(P.U8), (value) => copy(bounded(value, max)));
}

/** All bytes to the end, at most `max`. */
export function rest(max: number): Codec<Uint8Array> {
  return P.validate(P.bytes(null), (value) => copy(bounded(value, max)));
}

/** One byte out of a closed set. */
export function oneOf<const V extends number>(name: string, values: Readonly<Record<string, V>>): Codec<V> {
  const known = new Set<number>(Object.values(values));
  return P.validate(P.U8 as unknown as Codec<V>, (value) => {
    if (!known.has(value)) throw new RangeError(`${value} is no ${name}`);
    return value;
  });
}

/** Exactly `count` items. */
export function fixedList<T>(count: number, item: Codec<T>): Codec<readonly T[]> {
  return P.array(count, item) as unknown as Codec<readonly T[]>;
}

/** The number of items as a u8 or u16 in front, or items to the end; at most `max`. */
export function list<T>(count: 'u8' | 'u16' | 'rest', max: number, item: Codec<T>): Codec<readonly T[]> {
  const length = { u8: P.U8, u16: P.U16BE, rest: null }[count];
  return P.validate(P.array(length, item) as unknown as Codec<readonly T[]>, (items) => bounded(items, max));
}

/** Fields one after the other. */
export function struct<T extends object>(fields: { readonly [K in keyof T]: Codec<T[K]> }): Codec<T> {
  return P.struct(fields as P.StructRecord<Record<string, unknown>>) as unknown as Codec<T>;
}

/** A message without data. */
export type Empty = Readonly<Record<never, never>>;
export const empty: Codec<Empty> = struct<Empty>({});

function copy(value: Uint8Array): Uint8Array {
  return value.slice();
}

function bounded<V extends { readonly length: number }>(value: V, max: number): V {
  if (value.length > max) throw new RangeError(`${value.length} long, at most ${max} allowed`);
  return value;
}
