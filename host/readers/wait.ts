/** Waiting for cards. */
import { ReaderError, isReaderError } from './reader.js';
import type { CardConnection, CardReader, ReaderHub } from './reader.js';

/**
 * Connects to the card in a reader, waiting for one where there is none.
 *
 * @param signal gives up; the promise is then rejected with its reason
 * @param patience milliseconds after which no card is expected any more; for ever without
 * @throws ReaderError as `connect`; no-card only where patience ended
 */
export async function waitForCard(
  hub: ReaderHub,
  reader: CardReader,
  signal?: AbortSignal,
  patience?: number,
): Promise<CardConnection> {
  const tired = new AbortController();
  const end = (): void => tired.abort(new ReaderError('no-card', 'No card was put in.'));
  const timer = patience === undefined ? undefined : setTimeout(end, patience);
  try {
    return await cardIn(hub, reader, signal === undefined ? tired.signal : AbortSignal.any([signal, tired.signal]));
  } finally {
    clearTimeout(timer);
  }
}

async function cardIn(hub: ReaderHub, reader: CardReader, signal: AbortSignal): Promise<CardConnection> {
  for (;;) {
    const change = nextChange(hub, reader.name, signal);
    try {
      return await reader.connect();
    } catch (error) {
      if (!isReaderError(error, 'no-card')) throw error;
      await change.happened;
    } finally {
      await change.stop();
    }
  }
}

/** Waits until no card is in the reader; where cards cannot be removed, not at all. @throws as {@link waitForCard} */
export async function waitForRemoval(hub: ReaderHub, reader: CardReader, signal?: AbortSignal): Promise<void> {
  while (reader.capabilities.insertion) {
    const change = nextChange(hub, reader.name, signal);
    try {
      const { card } = await reader.state();
      if (card === 'absent') return;
      await change.happened;
    } finally {
      await change.stop();
    }
  }
}

/** Watching starts before the caller looks, so that nothing falls between. */
function nextChange(
  hub: ReaderHub,
  reader: string,
  signal?: AbortSignal,
): { happened: Promise<void>; stop: () => Promise<void> } {
  const { promise, resolve, reject } = deferred();
  const giveUp = (): void => reject(signal?.reason);
  if (signal?.aborted) giveUp();
  signal?.addEventListener('abort', giveUp, { once: true });
  const watching = hub.watch((event) => {
    if (event.kind === 'ended') reject(event.error);
    else if (event.reader !== reader) return;
    else if (event.kind === 'reader-removed')
      reject(new ReaderError('reader-removed', `The reader "${reader}" was removed.`));
    else resolve();
  });
  watching.catch(reject);
  promise.catch(() => undefined); // its error is told only to those who wait
  const stop = async (): Promise<void> => {
    signal?.removeEventListener('abort', giveUp);
    (await watching.catch(() => undefined))?.();
  };
  return { happened: promise, stop };
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}
