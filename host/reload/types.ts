/** The vocabulary of the kiosk's flow: what it is asked, what it knows, what it does, how it ends. */
import type { Money } from '../protocol/codec/money.js';
import type { Unit } from '../protocol/codec/units.js';
import type { LoadType } from '../protocol/generated/enums.js';
import type {
  CreditAuthorisationFields,
  HotListEntryFields,
  KeptCancelOrderFields,
  RecordFields,
  TotalsFields,
} from '../protocol/generated/structures.js';
import type { SignedOrder } from '../protocol/issuer/port.js';
import type { LoadStatus as LoadOnCard, OpeningAnswer } from '../protocol/session/opening-answer.js';
import type { CardEffect, CardEvent, ClaimedRecord, ClaimedStatement, KnownCard } from '../terminal/flow/card.js';
import type { IssuerEffect, IssuerEvent } from '../terminal/flow/issuer.js';
import type { Refusal } from '../terminal/refusal.js';

/** A load or unload as the holder means it. */
export interface WantedLoad {
  readonly type: LoadType;
  readonly slot: number;
  readonly amount: Money;
}

/** What the holder wants. Whatever it is, a load that was interrupted earlier is finished first. */
export type ReloadTask =
  | ({ readonly task: 'load' } & WantedLoad)
  /** Give up the pending load. */
  | { readonly task: 'cancel' }
  /** Synchronise and show balances and the last records; needs the PIN. */
  | { readonly task: 'balance' }
  | { readonly task: 'change-pin' }
  /** Only finish what is unfinished. */
  | { readonly task: 'visit' };

export interface ReloadContext {
  readonly scheme: number;
  readonly kioskId: Uint8Array;
  /** Unit of each purse slot. */
  readonly units: readonly Unit[];
}

/** A load begun at this kiosk whose end the holder has not seen. */
export interface LoadNote extends WantedLoad {
  readonly cardId: Uint8Array;
  readonly counter: number;
}

export interface ReloadFacts {
  readonly listed?: HotListEntryFields;
  readonly note?: LoadNote;
}

export type ReloadEffect =
  | CardEffect
  | IssuerEffect
  | { readonly do: 'consult'; readonly cardId: Uint8Array }
  /** Durable before the issuer is asked for money. */
  | { readonly do: 'note-load'; readonly note: LoadNote }
  | { readonly do: 'forget-load'; readonly cardId: Uint8Array }
  | { readonly do: 'ask-pin'; readonly triesLeft: number }
  | { readonly do: 'ask-pin-change'; readonly triesLeft: number }
  | { readonly do: 'show'; readonly notice: ReloadNotice };

export type ReloadEvent =
  | CardEvent
  | IssuerEvent
  | ({ readonly on: 'consult' } & ReloadFacts)
  | { readonly on: 'note-load' }
  | { readonly on: 'forget-load' }
  | { readonly on: 'ask-pin'; readonly given: boolean }
  | { readonly on: 'ask-pin-change'; readonly given: boolean };

/** What the holder sees on the way. */
export type ReloadNotice =
  | { readonly notice: 'finishing'; readonly load: LoadOnCard; readonly what: 'credit' | 'cancel' }
  | { readonly notice: 'finished'; readonly type: LoadType; readonly record: RecordFields }
  | { readonly notice: 'orders'; readonly taken: number; readonly refused: number }
  | { readonly notice: 'asking-bank'; readonly load: WantedLoad }
  | { readonly notice: 'blocking'; readonly cardId: Uint8Array }
  | { readonly notice: 'outcome'; readonly outcome: ReloadOutcome };

/** The card's log after A, and the latest records. */
export interface CollectedLog {
  readonly totals: TotalsFields;
  readonly records: readonly RecordFields[];
  readonly cancelOrders: readonly KeptCancelOrderFields[];
}

/** A card in session, and what is known about it. */
export interface Visit {
  readonly card: KnownCard;
  readonly s1: OpeningAnswer;
  readonly facts: ReloadFacts;
  /** Read after the PIN was verified. */
  readonly log?: CollectedLog;
}

/** What an authorisation is presented for: the holder's wish of now, or a load left over from before. */
export type CreditPurpose = 'task' | 'leftover';

export interface Presented {
  readonly authorisation: CreditAuthorisationFields;
  readonly signature: Uint8Array;
  readonly purpose: CreditPurpose;
  /** Begun in an earlier visit. */
  readonly recovered: boolean;
}

interface Base {
  readonly context: ReloadContext;
  readonly task: ReloadTask;
  /** The log was uploaded in this visit: once is enough. */
  readonly synchronised: boolean;
}

export type ReloadState = Base &
  (
    | { readonly at: 'opening' }
    | { readonly at: 'consulting'; readonly card: KnownCard; readonly s1: OpeningAnswer }
    | { readonly at: 'blocking'; readonly visit: Visit }
    | { readonly at: 'reporting-block' }
    | { readonly at: 'reconciling'; readonly visit: Visit; readonly load: LoadOnCard }
    | { readonly at: 'crediting'; readonly visit: Visit; readonly presented: Presented }
    | {
        readonly at: 'reporting-credit';
        readonly visit: Visit;
        readonly presented: Presented;
        readonly claimed: ClaimedRecord;
      }
    | { readonly at: 'cancelling'; readonly visit: Visit; readonly counter: number; readonly why?: Refusal }
    | {
        readonly at: 'reporting-cancel';
        readonly visit: Visit;
        readonly ended: ClaimedStatement;
        readonly why?: Refusal;
      }
    | { readonly at: 'reporting-end'; readonly visit: Visit; readonly claimed: ClaimedRecord }
    | { readonly at: 'forgetting'; readonly visit: Visit }
    | { readonly at: 'asking-pin'; readonly visit: Visit; readonly wrong?: Refusal }
    | { readonly at: 'verifying-pin'; readonly visit: Visit }
    | { readonly at: 'asking-pin-change'; readonly visit: Visit; readonly wrong?: Refusal }
    | { readonly at: 'changing-pin'; readonly visit: Visit }
    | { readonly at: 'reading-totals'; readonly visit: Visit }
    | { readonly at: 'reading-records'; readonly visit: Visit; readonly totals: TotalsFields }
    | { readonly at: 'reading-cancels'; readonly visit: Visit; readonly log: CollectedLog }
    | { readonly at: 'sealing'; readonly visit: Visit; readonly log: CollectedLog }
    | { readonly at: 'uploading'; readonly visit: Visit; readonly log: CollectedLog }
    | {
        readonly at: 'ordering';
        readonly visit: Visit;
        readonly orders: readonly SignedOrder[];
        readonly taken: number;
        readonly refused: number;
      }
    | { readonly at: 'initialising'; readonly visit: Visit; readonly wanted: WantedLoad }
    | { readonly at: 'noting'; readonly visit: Visit; readonly wanted: WantedLoad; readonly claimed: ClaimedStatement }
    | {
        readonly at: 'authorising';
        readonly visit: Visit;
        readonly wanted: WantedLoad;
        readonly claimed: ClaimedStatement;
      }
    | { readonly at: 'telling'; readonly outcome: ReloadOutcome }
    | { readonly at: 'finished'; readonly outcome: ReloadOutcome }
  );

export type ReloadStateAt<At extends ReloadState['at']> = Extract<ReloadState, { readonly at: At }>;

export type ReloadBase = Base;

export type ReloadOutcome =
  | ({
      readonly result: 'loaded';
      readonly type: LoadType;
      readonly cardId: Uint8Array;
      /** It was begun in an earlier visit. */
      readonly recovered: boolean;
    } & ClaimedRecord)
  | { readonly result: 'cancelled'; readonly counter: number; readonly amount: Money; readonly type: LoadType }
  | {
      readonly result: 'balance';
      readonly log: CollectedLog;
      readonly cardId: Uint8Array;
      readonly synchronised: boolean;
    }
  | { readonly result: 'pin-changed' }
  /** Nothing was left to do, or all of it is done. */
  | { readonly result: 'visited' }
  | { readonly result: 'refused'; readonly refusal: Refusal }
  | { readonly result: 'unresolved'; readonly refusal: Refusal };
