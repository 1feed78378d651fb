/** What the answers of the operator API have in common. Amounts are decimal text with their unit, times seconds since 1970. */
import { z } from 'zod';

export const moneyView = z.object({ amount: z.string().regex(/^-?\d+(\.\d+)?$/), unit: z.string() });
export const seconds = z.number().int();
/** Card, terminal or merchant: 8 bytes. */
export const idView = z.string().regex(/^[0-9a-f]{16}$/);

/** Part of a longer list, newest first; `next` asks for what follows. */
export function part<T extends z.ZodType>(row: T) {
  return z.object({ rows: z.array(row), next: z.string().nullable() });
}

export interface Part<T> {
  readonly rows: T[];
  /** Cursor of the following part; null at the end. */
  readonly next: string | null;
}
