/** What PC/SC says (pcsclite.h, winscard.h), as reader errors. One binding gives numbers in its messages, the other texts. */
import { ReaderError } from './reader.js';
import type { ReaderErrorCode } from './reader.js';

interface PcscError {
  readonly number: number;
  /** As the binding `smartcard` puts it. */
  readonly text: string;
  readonly code: ReaderErrorCode;
}

const sentences = {
  'no-pcsc': 'The PC/SC service does not run.',
  'no-reader': 'There is no card reader.',
  'no-card': 'There is no card in the reader.',
  'card-removed': 'The card was removed.',
  mute: 'The card does not answer.',
  sharing: 'Another program uses the card.',
  'reader-removed': 'The reader was removed.',
  closed: 'The connection with the card is closed.',
  failed: 'The reader failed.',
} as const satisfies Partial<Record<ReaderErrorCode, string>>;

type PcscCode = keyof typeof sentences;

const known: readonly (PcscError & { readonly code: PcscCode })[] = [
  { number: 0x8010001d, text: 'PC/SC service not running', code: 'no-pcsc' },
  { number: 0x8010001e, text: 'PC/SC service stopped', code: 'no-pcsc' },
  { number: 0x8010002e, text: 'No readers available', code: 'no-reader' },
  { number: 0x8010000c, text: 'No smart card present', code: 'no-card' },
  { number: 0x80100069, text: 'Card was removed', code: 'card-removed' },
  { number: 0x80100068, text: 'Card was reset', code: 'card-removed' },
  { number: 0x80100067, text: 'Card is unpowered', code: 'mute' },
  { number: 0x80100066, text: 'Card is unresponsive', code: 'mute' },
  { number: 0x80100065, text: 'Card is not supported', code: 'mute' },
  { number: 0x8010000f, text: 'Protocol mismatch', code: 'mute' },
  { number: 0x80100010, text: 'Reader not ready', code: 'mute' },
  { number: 0x80100016, text: 'Transaction failed', code: 'mute' },
  { number: 0x80100013, text: 'Communication error', code: 'mute' },
  { number: 0x8010000b, text: 'Sharing violation', code: 'sharing' },
  { number: 0x80100009, text: 'Unknown reader', code: 'reader-removed' },
  { number: 0x80100017, text: 'Reader unavailable', code: 'reader-removed' },
];

/** @param error as a binding throws it @returns the error itself when it is a reader error already */
export function readerError(error: unknown): ReaderError {
  if (error instanceof ReaderError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const number = Number(/\(?(0x8010[0-9a-f]{4})\)?/i.exec(message)?.[1] ?? NaN);
  const code = known.find((entry) => entry.number === number || entry.text === message)?.code ?? 'failed';
  const sentence = code === 'failed' ? `${sentences.failed} ${message}` : sentences[code];
  return new ReaderError(code, sentence, { cause: error });
}

/** While connecting, a card that left a moment ago is a card that is not there. */
export function connectError(error: unknown): ReaderError {
  const known = readerError(error);
  return known.code === 'card-removed' ? new ReaderError('no-card', sentences['no-card'], { cause: error }) : known;
}

export function moduleError(name: string, cause: unknown): ReaderError {
  return new ReaderError('no-module', `PC/SC readers cannot be reached: the module "${name}" is not built here.`, {
    cause,
  });
}

export function closedError(): ReaderError {
  return new ReaderError('closed', sentences.closed);
}
