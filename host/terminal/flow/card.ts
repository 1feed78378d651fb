/** What flows ask of a card, and what it answers, as data. The session, its keys and the PIN stay in the shell. */
import type { Seconds } from '../../protocol/codec/time.js';
import type {
  BlockStatementFields,
  KeptCancelOrderFields,
  OpeningAnswerFields,
  RecordFields,
  StatementFields,
  TotalsFields,
} from '../../protocol/generated/structures.js';
import type { SignedOrder } from '../../protocol/issuer/port.js';

/** What the card's verified certificate says. */
export interface KnownCard {
  readonly cardId: Uint8Array;
  readonly keyVersion: number;
  /** X ‖ Y of its signature key. */
  readonly signPoint: Uint8Array;
  readonly expiry: Seconds;
}

/** A record with the card's signature, not yet verified. */
export interface ClaimedRecord {
  readonly record: RecordFields;
  readonly s3: Uint8Array;
}

export interface ClaimedStatement {
  readonly statement: StatementFields;
  readonly signature: Uint8Array;
}

export interface ClaimedBlock {
  readonly statement: BlockStatementFields;
  readonly signature: Uint8Array;
}

/** What the terminal could not know about a record it ordered. */
export interface OrderAnswer {
  readonly points: number;
  readonly pointsBalance: number;
  readonly flags: number;
  readonly parametersVersion: number;
  readonly s3: Uint8Array;
}

/** Each exchange with a card: what is asked, what a good answer holds. */
export interface CardExchanges {
  /** A session with a personalized card: SELECT, then the resumed form unless `full` is asked or the card does not know us. */
  open: {
    ask: { readonly slot: number; readonly full: boolean };
    answer: { readonly card: KnownCard; readonly s1: OpeningAnswerFields; readonly full: boolean };
  };
  /** A session with a raw card under its transport keys. */
  'open-raw': { ask: object; answer: { readonly serial: Uint8Array } };
  /** VERIFY PIN with the PIN the shell was given. */
  'verify-pin': { ask: object; answer: object };
  /** CHANGE PIN with the old and the new PIN the shell was given. */
  'change-pin': { ask: object; answer: object };
  debit: {
    ask: { readonly slot: number; readonly amount: number; readonly tn: number; readonly time: Seconds };
    answer: OrderAnswer;
  };
  'cancel-last': {
    ask: {
      readonly slot: number;
      readonly amount: number;
      readonly cancelledNt: number;
      readonly cancelledTn: number;
      readonly tn: number;
      readonly time: Seconds;
      readonly signature: Uint8Array;
    };
    answer: OrderAnswer;
  };
  'get-record': { ask: { readonly nt: number }; answer: ClaimedRecord };
  'get-statement': { ask: { readonly purpose: 'log' | 'closing' }; answer: ClaimedStatement };
  'get-block-statement': { ask: object; answer: ClaimedBlock };
  'read-totals': { ask: object; answer: { readonly totals: TotalsFields } };
  /** Up to four records from an NT on. */
  'read-records': { ask: { readonly from: number }; answer: { readonly records: readonly RecordFields[] } };
  'read-cancel-order': { ask: { readonly index: number }; answer: { readonly order: KeptCancelOrderFields } };
  'init-load': {
    ask: { readonly type: number; readonly slot: number; readonly amount: number; readonly time: Seconds };
    answer: ClaimedStatement;
  };
  /** Structure `creditAuthorisation` with the issuer's signature. */
  credit: { ask: { readonly authorisation: Uint8Array; readonly signature: Uint8Array }; answer: ClaimedRecord };
  'cancel-load': {
    ask: { readonly counter: number };
    answer: {
      readonly ended:
        ({ readonly how: 'credited' } & ClaimedRecord) | ({ readonly how: 'cancelled' } & ClaimedStatement);
    };
  };
  /** With the PIN the shell made, for a PIN reset. The body is what the card answers by type. */
  'put-order': { ask: { readonly order: SignedOrder }; answer: { readonly body: Uint8Array } };
  'generate-keys': { ask: object; answer: { readonly signPoint: Uint8Array; readonly agreePoint: Uint8Array } };
  'store-data': { ask: { readonly group: number; readonly p2: number; readonly data: Uint8Array }; answer: object };
  /** STORE DATA with the PIN the shell made. */
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
  | 'blocked'
  | 'retired'
  | 'expired'
  /** Its certificate does not hold. */
  | 'certificate'
  /** Not the card that was asked for. */
  | 'other-card';

/** What may come instead of the answer. */
export type CardSetback =
  /** The card's own no, MACed in a session. */
  | { readonly on: 'refused'; readonly command: CardCommand; readonly sw: number; readonly reason: number }
  /** Done, but the signature could not be made (6300): GET PROOF. */
  | { readonly on: 'unsigned'; readonly command: CardCommand }
  /** Silence, or an answer that proves nothing. The session is over. */
  | { readonly on: 'lost'; readonly command: CardCommand }
  | { readonly on: 'unfit'; readonly why: UnfitCard; readonly message: string };

export type CardEvent = CardAnswer | CardSetback;

/** Tries left after a wrong PIN (63Cx), or undefined for another refusal. */
export function pinTriesLeft(refused: { readonly sw: number }): number | undefined {
  return (refused.sw & 0xfff0) === 0x63c0 ? refused.sw & 0x0f : undefined;
}
