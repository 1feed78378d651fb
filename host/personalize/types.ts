/** The vocabulary of the desk's flows: issuing a card, and passing on orders to one. */
import type { Unit } from '../protocol/codec/units.js';
import type { TotalsFields } from '../protocol/generated/structures.js';
import type { DeskOrder, IssuedCard, SignedOrder } from '../protocol/issuer/port.js';
import type { OpeningAnswer } from '../protocol/session/opening-answer.js';
import type { CardEffect, CardEvent, ClaimedStatement, KnownCard } from '../terminal/flow/card.js';
import type { IssuerEffect, IssuerEvent } from '../terminal/flow/issuer.js';
import type { Refusal } from '../terminal/refusal.js';

export type DeskTask =
  /** Make a raw card somebody's purse. */
  | {
      readonly task: 'issue';
      readonly holder: string;
      readonly replaces?: Uint8Array;
      /** The raw card that was assigned; any other is refused before anything is written to it. */
      readonly serial?: Uint8Array;
    }
  /** Pass on an issuer order. */
  | { readonly task: 'order'; readonly order: DeskOrder; readonly reason: string };

export interface DeskContext {
  readonly scheme: number;
  readonly deskId: Uint8Array;
  readonly units: readonly Unit[];
}

/** A card whose issue is under way, as the desk's own file has it. Holds no secret. */
export interface IssueNote {
  readonly serial: Uint8Array;
  readonly cardId: Uint8Array;
  readonly holder: string;
}

export type DeskEffect =
  | CardEffect
  | IssuerEffect
  /** What does SELECT say: raw, or somebody's? */
  | { readonly do: 'look' }
  /** Durable before the card is activated. */
  | { readonly do: 'note-issue'; readonly note: IssueNote }
  | { readonly do: 'find-issue'; readonly cardId: Uint8Array }
  | { readonly do: 'forget-issue'; readonly cardId: Uint8Array }
  /** A PIN out of the desk's generator, kept in the shell; the same one for the same card while the shell lives. */
  | { readonly do: 'make-pin'; readonly cardId: Uint8Array }
  /** Hand the PIN to the person the clerk serves: on the sheet, once. */
  | { readonly do: 'hand-out'; readonly sheet: HolderSheet }
  | { readonly do: 'show'; readonly notice: DeskNotice };

export type DeskEvent =
  | CardEvent
  | IssuerEvent
  | { readonly on: 'look'; readonly raw: boolean }
  | { readonly on: 'note-issue' }
  | { readonly on: 'find-issue'; readonly note?: IssueNote; readonly pinKnown: boolean }
  | { readonly on: 'forget-issue' }
  | { readonly on: 'make-pin' }
  | { readonly on: 'hand-out' };

/** What the holder takes home, with the PIN which the shell adds. */
export interface HolderSheet {
  readonly cardId: Uint8Array;
  readonly holder: string | undefined;
  readonly expiry: number;
  readonly occasion: 'issue' | 'pin-reset';
}

export type DeskNotice =
  | { readonly notice: 'making-keys'; readonly serial: Uint8Array }
  | { readonly notice: 'writing'; readonly cardId: Uint8Array }
  | { readonly notice: 'reading-back'; readonly cardId: Uint8Array }
  | { readonly notice: 'resuming'; readonly note: IssueNote }
  | { readonly notice: 'outcome'; readonly outcome: DeskOutcome };

interface Base {
  readonly context: DeskContext;
  readonly task: DeskTask;
}

export type DeskBase = Base;

/** A personalized card in the desk's session. */
export interface DeskVisit {
  readonly card: KnownCard;
  readonly s1: OpeningAnswer;
}

export type DeskState = Base &
  (
    | { readonly at: 'looking' }
    // issuing: a raw card
    | { readonly at: 'opening-raw' }
    | { readonly at: 'making-keys'; readonly serial: Uint8Array }
    | { readonly at: 'registering'; readonly serial: Uint8Array }
    | { readonly at: 'storing'; readonly serial: Uint8Array; readonly issued: IssuedCard }
    | { readonly at: 'making-pin'; readonly serial: Uint8Array; readonly issued: IssuedCard }
    | { readonly at: 'storing-pin'; readonly serial: Uint8Array; readonly issued: IssuedCard }
    | { readonly at: 'noting'; readonly issued: IssuedCard }
    | { readonly at: 'activating'; readonly issued: IssuedCard }
    // issuing: the card is somebody's now and answers for itself
    | { readonly at: 'opening'; readonly issued?: IssuedCard }
    | { readonly at: 'finding'; readonly visit: DeskVisit }
    | { readonly at: 'reading-back'; readonly visit: DeskVisit; readonly found: FoundIssue }
    | { readonly at: 'sealing'; readonly visit: DeskVisit; readonly found: FoundIssue; readonly totals: TotalsFields }
    | { readonly at: 'reporting'; readonly visit: DeskVisit; readonly found: FoundIssue; readonly totals: TotalsFields }
    // orders
    | { readonly at: 'proving'; readonly visit: DeskVisit }
    | { readonly at: 'asking-order'; readonly visit: DeskVisit }
    | { readonly at: 'making-new-pin'; readonly visit: DeskVisit; readonly order: SignedOrder }
    | { readonly at: 'ordering'; readonly visit: DeskVisit }
    | { readonly at: 'sealing-order'; readonly visit: DeskVisit }
    | { readonly at: 'reporting-order'; readonly visit: DeskVisit; readonly proof: ClaimedStatement }
    // the end of both
    | { readonly at: 'handing-out'; readonly visit: DeskVisit; readonly outcome: DeskOutcome }
    | { readonly at: 'forgetting'; readonly outcome: DeskOutcome }
    | { readonly at: 'finished'; readonly outcome: DeskOutcome }
  );

/** What the desk remembers of a card it was issuing. */
export interface FoundIssue {
  readonly holder: string;
  /** The PIN on the card was made by this run, so that it can be handed out. */
  readonly pinKnown: boolean;
  /** What the issuer said in this visit. */
  readonly issued?: IssuedCard;
}

export type DeskStateAt<At extends DeskState['at']> = Extract<DeskState, { readonly at: At }>;

export type DeskOutcome =
  | {
      readonly result: 'issued';
      readonly cardId: Uint8Array;
      readonly holder: string;
      readonly expiry: number;
      readonly resumed: boolean;
    }
  | {
      readonly result: 'ordered';
      readonly order: DeskOrder;
      readonly cardId: Uint8Array;
      readonly proof: ClaimedStatement;
      /** Unblocked, and still blocked by its PIN. */
      readonly pinBlocked?: true;
    }
  | { readonly result: 'refused'; readonly refusal: Refusal };
