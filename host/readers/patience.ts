/**
 * How long a card may think. PC/SC knows no limit of its own: a transmission to a card or driver that hangs never returns
 * and cannot be taken back, so the terminal stops waiting for it and counts the answer as lost.
 */
import { ReaderError } from './reader.js';

/** Milliseconds; the longest command of a purse takes a slow card under one second, and cards may ask readers for more time. */
export const patience = 30_000;

/** What a connection knows of its hub. */
export interface Terms {
  /** Milliseconds the card may take to answer. */
  readonly within: number;
  readonly closed: () => void;
  /** The card never answered: what is native of the connection is not to be touched again, for it would wait too. */
  readonly hung: () => void;
}

const underWay = new Set<Promise<unknown>>();

/** Calls that were given up and have not returned: they hold their threads, so a program that ends would wait for them. */
export function hasHungCalls(): boolean {
  return underWay.size > 0;
}

/**
 * @param call a native call under way
 * @param within milliseconds
 * @param givenUp is called once where the time ran out, before the error is thrown
 * @throws ReaderError mute where the time ran out; whatever the call throws
 */
export async function answered<T>(call: Promise<T>, within: number, givenUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const returned = (): void => void underWay.delete(call);
      underWay.add(call);
      call.then(returned, returned);
      givenUp();
      reject(new ReaderError('mute', `The card did not answer within ${within / 1000} seconds.`));
    }, within);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
