/** What a session is, and what it takes to open one. */
import type { CardCertificate } from '../certificates/card.js';
import type { TerminalCertificate } from '../certificates/terminal.js';
import type { CardChannel } from '../channel/channel.js';
import type { SessionKeys } from '../channel/secure.js';
import type { Trace } from '../channel/trace.js';
import type { Clock, Seconds } from '../codec/time.js';
import type { Signer } from '../crypto/ecdsa.js';
import type { Random } from '../crypto/random.js';
import type { Scheme } from '../scheme.js';
import type { OpeningAnswer } from './opening-answer.js';

/** Who the terminal is. */
export interface TerminalIdentity {
  readonly certificate: TerminalCertificate;
  /** Its private key, which has to belong to the certificate. */
  readonly signer: Signer;
  /** Same terminal, key and rights under the CA key before: for cards on which that one is still in force. */
  readonly earlier?: TerminalCertificate;
}

/** What a terminal remembers of a card, so that the next meeting needs no public-key operation. Secret. */
export interface Pair extends SessionKeys {
  /** The card's name for this terminal's pair slot, 8 bytes, random. */
  readonly name: Uint8Array;
  /** The card's certificate as it was given; it is judged anew at each meeting. */
  readonly cardCertificate: Uint8Array;
  /** Expiry of the terminal's certificate it was made under: the card goes on holding the terminal to that certificate. */
  readonly certificateExpiry: Seconds;
}

/** Where a terminal keeps its pairs. */
export interface PairStore {
  find(name: Uint8Array): Promise<Pair | undefined>;
  /** Replaces whatever is kept for the same card: the card forgot that pair. Durable when the promise settles. */
  save(pair: Pair): Promise<void>;
}

/** A card's certificate with what the terminal's own clock says about it. */
export interface PresentedCard {
  readonly certificate: CardCertificate;
  readonly expired: boolean;
}

export interface SessionOptions {
  readonly scheme: Scheme;
  readonly identity: TerminalIdentity;
  /** Without it every session is a full one. */
  readonly pairs?: PairStore;
  /** Force a full session (CANCEL LAST needs one). */
  readonly full?: boolean;
  /** Purse slot S1 is to tell about. */
  readonly slot: number;
  readonly clock: Clock;
  readonly random?: Random;
  /**
   * Looks at the card before the session is confirmed, such as in the hot list. Whatever it throws ends the session and
   * comes out of `openSession`. The certificate's authority and signature have been checked; expired cards are shown too.
   */
  readonly admit?: (card: PresentedCard) => void | Promise<void>;
  /** Told the plaintext of protected commands, secrets masked. For the wire, put a `TraceChannel` under the session. */
  readonly trace?: Trace;
}

/** An open session. It is the channel that protected commands go through. */
export interface Session extends CardChannel {
  readonly kind: 'full' | 'resumed' | 'raw';
  readonly over: boolean;
  /** Forgets the session keys. */
  end(): void;
}

/** A session with a card that is somebody's purse. */
export interface PurseSession extends Session {
  readonly kind: 'full' | 'resumed';
  readonly scheme: Scheme;
  readonly identity: TerminalIdentity;
  readonly card: CardCertificate;
  /** By the terminal's clock. The card judges for itself. */
  readonly expired: boolean;
  readonly s1: OpeningAnswer;
}

/** A desk's session with a raw card, under the transport keys. */
export interface RawSession extends Session {
  readonly kind: 'raw';
}
