/** Kinds of columns, as Kysely types them. 64-bit numbers are read as bigint and written as either. */
import type { ColumnType } from 'kysely';

/** Written once. */
export type Fixed<T> = ColumnType<T, T, never>;
export type Big = ColumnType<bigint, bigint | number, bigint | number>;
export type FixedBig = ColumnType<bigint, bigint | number, never>;
export type BigOrNull = ColumnType<bigint | null, bigint | number | null | undefined, bigint | number | null>;
export type BigOrZero = ColumnType<bigint, bigint | number | undefined, bigint | number>;
export type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>;
/** Written once, with a default. */
export type FixedOr<T> = ColumnType<T, T | undefined, never>;
