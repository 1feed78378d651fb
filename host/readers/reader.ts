/** Smart card readers as terminals see them, whatever stands behind: PC/SC by one of two bindings, or simulated cards. */
import type { CardChannel } from '../protocol/channel/channel.js';

export type ReaderErrorCode =
  /** The PC/SC service does not run. */
  | 'no-pcsc'
  /** The native module for PC/SC is missing, not built, or built for another Node. */
  | 'no-module'
  /** No reader, or none with the name asked for. */
  | 'no-reader'
  /** More than one reader fits; `candidates` lists them. */
  | 'ambiguous'
  /** No card in the reader. */
  | 'no-card'
  /** The card left the reader, or was reset by somebody else, during the connection. */
  | 'card-removed'
  /** The card does not answer, or not as a card should. */
  | 'mute'
  /** Another program uses the card. */
  | 'sharing'
  /** The reader left. */
  | 'reader-removed'
  /** The connection was closed here before. */
  | 'closed'
  /** A simulated card whose image is damaged or was made by another build of the applet: it never runs again. */
  | 'image-unfit'
  /** The simulator itself cannot run, or ended. */
  | 'simulator'
  /** Anything else the reader's driver says. */
  | 'failed';

/** `message` is a sentence for a person. */
export class ReaderError extends Error {
  override readonly name = 'ReaderError';
  readonly candidates: readonly string[];

  constructor(
    readonly code: ReaderErrorCode,
    message: string,
    options: ErrorOptions & { readonly candidates?: readonly string[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.candidates = options.candidates ?? [];
  }
}

export function isReaderError(error: unknown, ...oneOf: readonly ReaderErrorCode[]): error is ReaderError {
  return error instanceof ReaderError && (oneOf.length === 0 || oneOf.includes(error.code));
}

export interface ReaderState {
  readonly name: string;
  readonly card: 'absent' | 'present' | 'in-use' | 'mute';
  /** Of a card that is present. */
  readonly atr?: Uint8Array;
}

/** What happens at the readers. */
export type ReaderEvent =
  | { readonly kind: 'reader-added' | 'reader-removed' | 'card-inserted' | 'card-removed'; readonly reader: string }
  /** The service went away; no more events come. */
  | { readonly kind: 'ended'; readonly error: ReaderError };

/** What can be done with a reader and its card beyond APDUs; tests skip by it. */
export interface Capabilities {
  /** Cards come and go. Otherwise the card is always there, and nobody waits for it to be removed. */
  readonly insertion: boolean;
  /** Power can be cut before any persistent write. */
  readonly powerCuts: boolean;
  /** Work of the card can be counted. */
  readonly counters: boolean;
  /** State can be saved and put back. */
  readonly snapshots: boolean;
  /** The persistent state can be compared byte by byte. */
  readonly persistentState: boolean;
}

/** A reader with cards in it as people use them. */
export const pcscCapabilities: Capabilities = {
  insertion: true,
  powerCuts: false,
  counters: false,
  snapshots: false,
  persistentState: false,
};

/** A card that exists in this process alone. */
export const simulatorCapabilities: Capabilities = {
  insertion: false,
  powerCuts: true,
  counters: true,
  snapshots: true,
  persistentState: true,
};

/** An exclusive connection with the card in a reader. */
export interface CardConnection extends CardChannel {
  readonly reader: string;
  readonly atr: Uint8Array;
  readonly protocol: 'T=0' | 'T=1';
  /** Resets the card and lets go of it: no session and no PIN outlives the connection. May be called twice. */
  close(): Promise<void>;
}

/** One reader. */
export interface CardReader {
  readonly name: string;
  readonly capabilities: Capabilities;
  state(): Promise<ReaderState>;
  /** @throws ReaderError no-card, mute, sharing, reader-removed, image-unfit, simulator, failed */
  connect(): Promise<CardConnection>;
}

/** All readers of one kind. */
export interface ReaderHub {
  /** @throws ReaderError no-pcsc, failed */
  list(): Promise<readonly CardReader[]>;
  /** Tells of changes from now on until the returned function is called. @throws ReaderError no-pcsc */
  watch(listener: (event: ReaderEvent) => void): Promise<() => void>;
  /** Lets go of everything; connections are closed. */
  close(): Promise<void>;
}
