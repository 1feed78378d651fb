// A check lists what is wrong; nothing wrong, nothing listed.
import { type Spec } from '../model.js';

export type Check = (spec: Spec) => string[];

/** Items whose key occurred before, with that key. */
export function repeated<T>(
  items: readonly T[],
  key: (item: T) => string | number,
): { item: T; first: T; key: string | number }[] {
  const seen = new Map<string | number, T>();
  return items.flatMap((item) => {
    const value = key(item);
    const first = seen.get(value);
    if (first === undefined) seen.set(value, item);
    return first === undefined ? [] : [{ item, first, key: value }];
  });
}
