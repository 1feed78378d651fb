/** What goes wrong between a terminal and a card. */
import { reasonName, refusalSentence } from './status.js';

/** Did the command that failed move money? `unknown`: the journal entry stays open until a proof closes it. */
export type MoneyMoved = 'no' | 'yes' | 'unknown';

export type CardErrorCode =
  /** The card said no; `sw` and `reason` say why. Inside a session the answer was MACed. */
  | 'refused'
  /** The card did it but could not sign for it: fetch the proof with GET PROOF. */
  | 'executed'
  /** No answer, or one that proves nothing: link broken, wrong MAC, any outer status but 9000. The session is over. */
  | 'lost'
  /** The session was over before the command was sent. Nothing was sent. */
  | 'session-over'
  /** Another command of this session has no answer yet. Nothing was sent. */
  | 'busy'
  /** An authentic answer, or a plain one, that cannot be read. */
  | 'malformed'
  /** No purse in this card. */
  | 'no-purse'
  /** A purse of another scheme. */
  | 'foreign-scheme'
  /** The card's certificate does not hold. */
  | 'card-certificate'
  /** A raw card that does not answer under the keys of this batch. */
  | 'transport-keys'
  /** A signature of the card does not verify over what the terminal rebuilt. */
  | 'proof';

export interface CardErrorDetails {
  readonly sw?: number;
  /** `reason` of the spec; 0 when the card gave none. */
  readonly reason?: number;
  readonly command?: string;
  readonly moneyMoved?: MoneyMoved;
  readonly cause?: unknown;
}

/** `message` is a sentence for a person; `code` is stable. */
export class CardError extends Error {
  override readonly name = 'CardError';
  readonly code: CardErrorCode;
  readonly sw: number | undefined;
  readonly reason: number;
  readonly command: string | undefined;
  readonly moneyMoved: MoneyMoved;

  constructor(code: CardErrorCode, message: string, details: CardErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.sw = details.sw;
    this.reason = details.reason ?? 0;
    this.command = details.command;
    this.moneyMoved = details.moneyMoved ?? 'no';
  }

  /** Name of {@link reason}, such as `pinRequired`; `none` when the card gave none. */
  get reasonName(): string {
    return reasonName(this.reason);
  }

  /** Tries left, when the card refused a PIN (63Cx). */
  get pinTriesLeft(): number | undefined {
    return this.code === 'refused' && this.sw !== undefined && (this.sw & 0xfff0) === 0x63c0
      ? this.sw & 0x0f
      : undefined;
  }
}

/** The card's own no. @param sw as it was inside the session, or plain before one */
export function refusal(command: string, sw: number, reason = 0, moneyMoved: MoneyMoved = 'no'): CardError {
  return new CardError('refused', refusalSentence(sw, reason), { sw, reason, command, moneyMoved });
}

export function isCardError(error: unknown, ...oneOf: readonly CardErrorCode[]): error is CardError {
  return error instanceof CardError && (oneOf.length === 0 || oneOf.includes(error.code));
}
