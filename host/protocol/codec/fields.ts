// The field types the generated codecs are built from: micro-packed coders that copy what they read, refuse lengths above their
// maximum and values outside a closed set. A structure's codec refuses trailing bytes and names the field that is wrong.
import * as P from 'micro-packed';
import { decodeStraight, readStraight, straightOf, unsound } from './straight.js';
import type { ReadStraight } from './straight.js';

export type Codec<T> = P.CoderType<T>;

export const u8: Codec<number> = readStraight(P.U8, (reader) => reader.u8());
export const u16: Codec<number> = readStraight(P.U16BE, (reader) => reader.u16());
export const u32: Codec<number> = readStraight(P.U32BE, (reader) => reader.u32());
export const u64: Codec<bigint> = readStraight(P.U64BE, (reader) => reader.u64());

/** Exactly `length` bytes. */
export function bytes(length: number): Codec<Uint8Array> {
  return readStraight(P.validate(P.bytes(length), copy), (reader) => reader.bytes(length));
}

/** A length byte, then at most `max` bytes. */
export function blob8(max: number): Codec<Uint8Array> {
  const codec = P.validate(P.bytes(P.U8), (value) => copy(bounded(value, max)));
  return readStraight(codec, (reader) => reader.bytes(within(reader.u8(), max)));
}

/** All bytes to the end, at most `max`. */
export function rest(max: number): Codec<Uint8Array> {
  const codec = P.validate(P.bytes(null), (value) => copy(bounded(value, max)));
  return readStraight(codec, (reader) => reader.bytes(within(reader.left, max)));
}

/** One byte out of a closed set. */
export function oneOf<const V extends number>(name: string, values: Readonly<Record<string, V>>): Codec<V> {
  const known = new Set<number>(Object.values(values));
  const codec = P.validate(P.U8 as unknown as Codec<V>, (value) => {
    if (!known.has(value)) throw new RangeError(`${value} is no ${name}`);
    return value;
  });
  return readStraight(codec, (reader) => {
    const value = reader.u8();
    if (!known.has(value)) throw unsound;
    return value;
  });
}

/** Exactly `count` items. */
export function fixedList<T>(count: number, item: Codec<T>): Codec<readonly T[]> {
  const codec = P.array(count, item) as unknown as Codec<readonly T[]>;
  const read = straightOf<T>(item);
  return read === undefined
    ? codec
    : readStraight(codec, (reader) => Array.from({ length: count }, () => read(reader)));
}

/** The number of items as a u8 or u16 in front, or items to the end; at most `max`. */
export function list<T>(count: 'u8' | 'u16' | 'rest', max: number, item: Codec<T>): Codec<readonly T[]> {
  const length = { u8: P.U8, u16: P.U16BE, rest: null }[count];
  const codec = P.validate(P.array(length, item) as unknown as Codec<readonly T[]>, (items) => bounded(items, max));
  const read = straightOf<T>(item);
  if (read === undefined) return codec;
  return readStraight(codec, (reader): readonly T[] => {
    const items: T[] = [];
    if (count === 'rest') while (reader.left > 0) items.push(read(reader));
    else for (let left = count === 'u8' ? reader.u8() : reader.u16(); left > 0; left--) items.push(read(reader));
    within(items.length, max);
    return items;
  });
}

/** Fields one after the other. */
export function struct<T extends object>(fields: { readonly [K in keyof T]: Codec<T[K]> }): Codec<T> {
  const codec = P.struct(fields as P.StructRecord<Record<string, unknown>>) as unknown as Codec<T>;
  const read = structStraight(fields);
  if (read === undefined) return codec;
  const decode: Codec<T>['decode'] = (data, options) =>
    (options === undefined ? decodeStraight(read, data) : undefined) ?? codec.decode(data, options);
  return readStraight({ ...codec, decode }, read);
}

/** Undefined where one of the fields cannot be read so. */
function structStraight<T extends object>(fields: { readonly [K in keyof T]: Codec<T[K]> }):
  ReadStraight<T> | undefined {
  const names = Object.keys(fields);
  const reads: ReadStraight<unknown>[] = [];
  for (const codec of Object.values<object>(fields)) {
    const read = straightOf(codec);
    if (read === undefined) return undefined;
    reads.push(read);
  }
  return (reader) => {
    const value: Record<string, unknown> = {};
    for (let i = 0; i < reads.length; i++) value[names[i] as string] = reads[i]?.(reader);
    return value as T;
  };
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

function within(length: number, max: number): number {
  if (length > max) throw unsound;
  return length;
}
