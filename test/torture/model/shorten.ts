/**
 * A history that went wrong, made as short as it can be in the time there is: delta debugging (Zeller and Hildebrandt, "Simplifying and
 * isolating failure-inducing input", 2002) leaves out ever smaller parts, then each deed loses what is not needed to go wrong.
 */

export interface Shortening<T> {
  /** Does this history go wrong in the same way? */
  readonly goesWrong: (items: readonly T[]) => Promise<boolean>;
  /** What is likely not to matter: each kind is left out as a whole first. */
  readonly unlikely: readonly ((item: T) => boolean)[];
  /** Simpler forms of one, the simplest first. */
  readonly simpler: (item: T) => readonly T[];
  readonly isOver: () => boolean;
}

/** @param items goes wrong @returns goes wrong too */
export async function shorten<T>(items: readonly T[], how: Shortening<T>): Promise<readonly T[]> {
  let likely = items;
  for (const isUnlikely of how.unlikely) {
    const without = likely.filter((item) => !isUnlikely(item));
    if (without.length < likely.length && !how.isOver() && (await how.goesWrong(without))) likely = without;
  }
  const fewer = await withoutParts(likely, how);
  const plain = await withPlainerOnes(fewer, how);
  // what was needed for a trouble only may go with it
  return plain === fewer ? plain : withoutParts(plain, how);
}

async function withoutParts<T>(items: readonly T[], { goesWrong, isOver }: Shortening<T>): Promise<readonly T[]> {
  let left = items;
  let size = Math.ceil(left.length / 2);
  while (size >= 1 && !isOver()) {
    let from = left.length - size;
    const before = left.length;
    // from the end: a part that only followed what went wrong is gone first
    for (; from > -size && !isOver(); from -= size) {
      const without = left.filter((_, i) => i < from || i >= from + size);
      if (without.length < left.length && (await goesWrong(without))) left = without;
    }
    const isFinest = size === 1;
    if (isFinest && left.length === before) break;
    size = isFinest ? 1 : Math.ceil(Math.min(size / 2, left.length / 2));
  }
  return left;
}

async function withPlainerOnes<T>(
  items: readonly T[],
  { goesWrong, simpler, isOver }: Shortening<T>,
): Promise<readonly T[]> {
  let left = items;
  for (let i = 0; i < items.length; i++) {
    const item = left[i];
    if (item === undefined || isOver()) break;
    for (const plainer of simpler(item)) {
      const changed = left.with(i, plainer);
      if (isOver() || !(await goesWrong(changed))) continue;
      left = changed;
      break;
    }
  }
  return left;
}
