/** Reader states as SCardGetStatusChange gives them: flags, and in the upper half a count of insertions and removals. */
import type { ReaderEvent, ReaderState } from './reader.js';

const present = 0x20;
const exclusive = 0x80;
const inUse = 0x100;
const mute = 0x200;
/** Set by the call that reports a change; no state of the reader. */
const changed = 0x02;

/** The pseudo reader that stands for the list of readers. */
export const listOfReaders = '\\\\?PnP?\\Notification';

/** State words by the reader's name. */
export type StateWords = ReadonlyMap<string, number>;

export function withoutChange(word: number): number {
  return word & ~changed;
}

export function cardState(word: number): ReaderState['card'] {
  if ((word & present) === 0) return 'absent';
  if ((word & mute) !== 0) return 'mute';
  return (word & (exclusive | inUse)) === 0 ? 'present' : 'in-use';
}

/** What happened between two looks. A card that left and came back in between did both. */
export function eventsBetween(before: StateWords, after: StateWords): ReaderEvent[] {
  const removed = [...before.keys()].filter((reader) => !after.has(reader));
  const kept = [...after].flatMap(([reader, word]) => cardEvents(reader, before.get(reader), word));
  return [...removed.map((reader) => ({ kind: 'reader-removed', reader }) as const), ...kept];
}

function cardEvents(reader: string, before: number | undefined, after: number): ReaderEvent[] {
  const isThere = (after & present) !== 0;
  const inserted = { kind: 'card-inserted', reader } as const;
  const removed = { kind: 'card-removed', reader } as const;
  if (before === undefined) return [{ kind: 'reader-added', reader }, ...(isThere ? [inserted] : [])];
  const wasThere = (before & present) !== 0;
  if (wasThere && !isThere) return [removed];
  if (!wasThere && isThere) return [inserted];
  return wasThere && countOf(before) !== countOf(after) ? [removed, inserted] : [];
}

function countOf(word: number): number {
  return word >>> 16;
}
