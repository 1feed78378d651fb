/** The vocabulary of the POS flow: what it is asked, what it knows, what it does, how it ends. */
import type { TerminalCertificate } from '../protocol/certificates/terminal.js';
import type { Money } from '../protocol/codec/money.js';
import type { Seconds } from '../protocol/codec/time.js';
import type { Unit } from '../protocol/codec/units.js';
import type { CancelOrderFields, HotListEntryFields, RecordFields } from '../protocol/generated/structures.js';
import type { OpeningAnswer } from '../protocol/session/opening-answer.js';
import type { SchemeKey } from '../protocol/scheme.js';
import type { CardEffect, CardEvent, ClaimedBlock, ClaimedRecord, KnownCard } from '../terminal/flow/card.js';
import type { IssuerEffect, IssuerEvent } from '../terminal/flow/issuer.js';
import type { ClosedEntry, JournalEntry } from '../terminal/journal/entries.js';
import type { Order } from '../terminal/journal/state.js';
import type { Refusal } from '../terminal/refusal.js';

/** What the cashier wants. */
export type PosTask =
  | { readonly task: 'pay'; readonly slot: number; readonly amount: Money }
  /** Undo the card's last purchase here; `tn` where a certain one is meant. */
  | { readonly task: 'cancel'; readonly slot: number; readonly tn?: number };

/** What stays the same for a terminal while it runs. */
export interface PosContext {
  readonly scheme: number;
  readonly terminal: TerminalCertificate;
  /** Unit of each purse slot. */
  readonly units: readonly Unit[];
  /** Keys under which the issuer answers for open entries. */
  readonly orderKeys: readonly SchemeKey[];
  /** A hot list older than this counts as old. */
  readonly listMaxAge: Seconds;
  /** Most a payment may take under an old hot list, in minor units by unit name; 0 where missing. */
  readonly floor: Readonly<Record<string, bigint>>;
}

/** What the terminal's files say about a card that has just been opened. */
export interface PosFacts {
  /** An order nobody knows the end of. */
  readonly open?: Order;
  /** An executed order whose end nobody was told. */
  readonly untold?: Order;
  /** The order behind the card's newest record of this terminal. */
  readonly newest?: Order;
  readonly nextTn: number;
  /** The card's entry on the hot list. */
  readonly listed?: HotListEntryFields;
  /** When the hot list in use was issued; undefined where there is none. */
  readonly listIssuedAt?: Seconds;
}

/** What the cashier does about an earlier sale that went through unseen. */
export type EarlierChoice =
  /** It is this sale, or will be dealt with by its receipt: order nothing now. */
  | 'finish'
  /** Give that money back. */
  | 'cancel'
  /** It stands, and this payment is another one. */
  | 'go-on';

export type PosEffect =
  | CardEffect
  | IssuerEffect
  | { readonly do: 'consult'; readonly cardId: Uint8Array; readonly newestTn: number | undefined }
  | { readonly do: 'journal'; readonly entry: JournalEntry }
  | { readonly do: 'ask-pin'; readonly triesLeft: number; readonly amount: Money }
  | { readonly do: 'ask-earlier'; readonly order: Order; readonly record: RecordFields; readonly same: boolean }
  | { readonly do: 'sign-cancel'; readonly order: CancelOrderFields }
  /** Keep the card's block statement until the issuer has it. */
  | { readonly do: 'keep-block'; readonly cardId: Uint8Array; readonly proof: ClaimedBlock }
  | { readonly do: 'forget-block'; readonly cardId: Uint8Array }
  | { readonly do: 'show'; readonly notice: PosNotice };

export type PosEvent =
  | CardEvent
  | IssuerEvent
  | ({ readonly on: 'consult' } & PosFacts)
  | { readonly on: 'journal' }
  | { readonly on: 'ask-pin'; readonly given: boolean }
  | { readonly on: 'ask-earlier'; readonly choice: EarlierChoice }
  | { readonly on: 'sign-cancel'; readonly signature: Uint8Array }
  | { readonly on: 'keep-block' }
  | { readonly on: 'forget-block' };

/** What the cashier sees on the way. */
export type PosNotice =
  | { readonly notice: 'resolving'; readonly order: Order }
  | { readonly notice: 'resolved'; readonly order: Order; readonly executed: boolean }
  | { readonly notice: 'blocking'; readonly cardId: Uint8Array }
  | { readonly notice: 'outcome'; readonly outcome: PosOutcome };

/** A card in session, and what is known about it. */
export interface Visit {
  readonly card: KnownCard;
  readonly s1: OpeningAnswer;
  readonly full: boolean;
  readonly facts: PosFacts;
}

/** An order of this visit that was written to the journal. */
export type PlacedOrder = Extract<JournalEntry, { readonly entry: 'opened' }>;

export type PosState = { readonly context: PosContext; readonly task: PosTask } & (
  | { readonly at: 'opening' }
  | { readonly at: 'consulting'; readonly card: KnownCard; readonly s1: OpeningAnswer; readonly full: boolean }
  /** GET PROOF of an order whose answer never came. */
  | { readonly at: 'proving'; readonly visit: Visit; readonly order: Order }
  | { readonly at: 'asking-issuer'; readonly visit: Visit; readonly order: Order }
  | { readonly at: 'settling'; readonly visit: Visit; readonly order: Order; readonly end: ClosedEntry }
  | { readonly at: 'choosing'; readonly visit: Visit; readonly order: Order; readonly end: Executed }
  | { readonly at: 'dismissing'; readonly visit: Visit }
  | { readonly at: 'blocking'; readonly visit: Visit }
  | { readonly at: 'keeping-block'; readonly visit: Visit; readonly proof: ClaimedBlock }
  | { readonly at: 'reporting-block'; readonly visit: Visit }
  | { readonly at: 'forgetting-block' }
  | { readonly at: 'asking-pin'; readonly visit: Visit; readonly triesLeft: number; readonly wrong?: Refusal }
  | { readonly at: 'verifying-pin'; readonly visit: Visit }
  | { readonly at: 'signing'; readonly visit: Visit; readonly sale: Order; readonly order: PlacedOrder }
  | { readonly at: 'placing'; readonly visit: Visit; readonly order: PlacedOrder }
  | { readonly at: 'ordered'; readonly visit: Visit; readonly order: PlacedOrder }
  /** The order was executed without a good signature: GET PROOF at once. */
  | { readonly at: 'fetching'; readonly visit: Visit; readonly order: PlacedOrder }
  | { readonly at: 'closing'; readonly visit: Visit; readonly order: PlacedOrder; readonly end: ClosedEntry }
  | { readonly at: 'telling'; readonly outcome: PosOutcome }
  | { readonly at: 'finished'; readonly outcome: PosOutcome }
);

export type PosStateAt<At extends PosState['at']> = Extract<PosState, { readonly at: At }>;

export type Executed = Extract<ClosedEntry, { readonly result: 'executed' }>;

export type PosOutcome =
  /** Money moved by this task's order, or by an earlier one that turned out to be it. */
  | ({
      readonly result: 'paid' | 'cancelled';
      readonly tn: number;
      readonly cardId: Uint8Array;
      readonly recovered: boolean;
    } & ClaimedRecord)
  | { readonly result: 'refused'; readonly refusal: Refusal }
  /** The journal has an open entry. */
  | { readonly result: 'unresolved'; readonly order: Omit<PlacedOrder, 'entry'>; readonly refusal: Refusal };
