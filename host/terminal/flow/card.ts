/** What flows ask of a card, and what it answers, as data. The session, its keys and the PIN stay in the shell. */
import type { Seconds } from '../../protocol/codec/time.js';
import type { BlockStatementWithSignature } from '../../protocol/commands/bodies.js';
import type { CancelAnswer, CancelRequest } from '../../protocol/commands/cancel-last.js';
import type { LoadEnd } from '../../protocol/commands/cancel-load.js';
import type { RecordWithProof } from '../../protocol/commands/credit.js';
import type { DebitAnswer, DebitOrder } from '../../protocol/commands/debit.js';
import type { CardPoints } from '../../protocol/commands/generate-keys.js';
import type { LoadRequest, StatementWithSignature } from '../../protocol/commands/init-load.js';
import type { OrderAnswer } from '../../protocol/commands/put-order.js';
import type {
  CreditAuthorisationFields,
  KeptCancelOrderFields,
  RecordFields,
  TotalsFields,
} from '../../protocol/generated/structures.js';
import type { IssuedCard, SignedOrder } from '../../protocol/issuer/port.js';
import type { OpeningAnswer } from '../../protocol/session/opening-answer.js';

/** What the card's verified certificate says; the protocol's `CardCertificate` is one. */
export interface KnownCard {
  readonly cardId: Uint8Array;
  readonly keyVersion: number;
  /** X ‖ Y of its signature key. */
  readonly signPoint: Uint8Array;
  readonly expiry: Seconds;
}

/** What a card claims: to be checked with its signature. */
export type ClaimedRecord = RecordWithProof;
export type ClaimedStatement = StatementWithSignature;
export type ClaimedBlock = BlockStatementWithSignature;

/** Each exchange with a card: what is asked, what a good answer holds. */
export interface CardExchanges {
  /** A session with a personalized card: SELECT, then the resumed form unless `full` is asked or the card does not know us. */
  open: {
    ask: { readonly slot: number; readonly full: boolean };
    answer: { readonly card: KnownCard; readonly s1: OpeningAnswer; readonly full: boolean };
  };
  /** A session with a raw card under its transport keys. */
  'open-raw': { ask: object; answer: { readonly serial: Uint8Array } };
  /** VERIFY PIN with the PIN the shell was given. */
  'verify-pin': { ask: object; answer: object };
  /** CHANGE PIN with the old and the new PIN the shell was given. */
  'change-pin': { ask: object; answer: object };
  debit: { ask: DebitOrder; answer: DebitAnswer };
  'cancel-last': { ask: CancelRequest & { readonly signature: Uint8Array }; answer: CancelAnswer };
  'get-record': { ask: { readonly nt: number }; answer: ClaimedRecord };
  'get-statement': { ask: { readonly purpose: 'log' | 'closing' }; answer: ClaimedStatement };
  'read-totals': { ask: object; answer: { readonly totals: TotalsFields } };
  /** All records of a range of NT, both ends included. */
  'read-records': {
    ask: { readonly from: number; readonly to: number };
    answer: { readonly records: readonly RecordFields[] };
  };
  /** The first `count` cancel orders that the card keeps. */
  'read-cancel-orders': {
    ask: object;
    answer: { readonly orders: readonly KeptCancelOrderFields[] };
  };
  'init-load': { ask: LoadRequest; answer: ClaimedStatement };
  /** The authorisation with the issuer's signature. */
  credit: {
    ask: { readonly authorisation: CreditAuthorisationFields; readonly signature: Uint8Array };
    answer: ClaimedRecord;
  };
  'cancel-load': { ask: { readonly counter: number }; answer: { readonly end: LoadEnd } };
  /** For a PIN reset, beside the order, the PIN the shell made. */
  'put-order': { ask: { readonly order: SignedOrder }; answer: { readonly answer: OrderAnswer } };
  'generate-keys': { ask: object; answer: CardPoints };
  /** STORE DATA of everything but the PIN. */
  store: { ask: { readonly data: Omit<IssuedCard, 'cardId'> }; answer: object };
  /** STORE DATA of the PIN the shell made. */
  'store-pin': { ask: object; answer: object };
  activate: { ask: object; answer: object };
}

export type CardCommand = keyof CardExchanges;

export type CardEffect = { readonly [N in CardCommand]: { readonly do: N } & CardExchanges[N]['ask'] }[CardCommand];

export type CardAnswer = { readonly [N in CardCommand]: { readonly on: N } & CardExchanges[N]['answer'] }[CardCommand];

/** Why no session was opened although a card is there. */
export type UnfitCard =
  | 'no-purse'
  | 'foreign-scheme'
  | 'raw'
  | 'not-raw'
  /** A raw card under transport keys of another batch. */
  | 'other-batch'
  | 'blocked'
  | 'retired'
  | 'expired'
  /** Its certificate does not hold. */
  | 'certificate'
  /** Not the card that was asked for. */
  | 'other-card';

/** What may come instead of the answer. */
export type CardSetback =
  /** The card's own no, MACed in a session: it did nothing. A no that leaves this open is `lost`. */
  | { readonly on: 'refused'; readonly command: CardCommand; readonly sw: number; readonly reason: number }
  /** Done, but the signature could not be made (6300): GET PROOF. */
  | { readonly on: 'unsigned'; readonly command: CardCommand }
  /** Silence, or an answer that proves nothing. The session is over, or ended now. */
  | { readonly on: 'lost'; readonly command: CardCommand }
  | { readonly on: 'unfit'; readonly why: UnfitCard; readonly message: string };

export type CardEvent = CardAnswer | CardSetback;

/** Tries left after a wrong PIN (63Cx), or undefined for another refusal. */
export function pinTriesLeft(refused: { readonly sw: number }): number | undefined {
  return (refused.sw & 0xfff0) === 0x63c0 ? refused.sw & 0x0f : undefined;
}
