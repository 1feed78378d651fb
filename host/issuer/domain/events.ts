/**
 * What can happen to money. Each event is booked once: its key is made of the ids the parties themselves gave it (load
 * counter, NT, settlement number), so that a repeat meets the first booking and not a second one.
 */
import type { Money } from '../../protocol/codec/money.js';
import type { Account, CardKey, MerchantKey, PayeeKey } from './accounts.js';
import type { Movement } from './records.js';

/** Where the card's side of a record is booked. */
export type CardSide =
  /** In sequence: the shadow balance. */
  | 'cards'
  /** In sequence, card retired: what is owed at closing. */
  | 'closingsUnpaid'
  /** An earlier record is missing. */
  | 'suspense'
  /** The card broke its chain. */
  | 'fraud';

/** Whose money a cancel gives back to the card. */
export type CancelSource =
  /** Nobody has claimed the purchase. */
  | 'clearing'
  /** The merchant has: he pays it back. */
  | 'merchant'
  /** It went back to the holder before: paying it twice is a loss. */
  | 'fraud';

export type LedgerEvent =
  | {
      readonly kind: 'load-funded';
      readonly cardId: CardKey;
      readonly counter: number;
      readonly money: Money;
      /** The payer's bank, or the balance of the lost card that this one replaces. */
      readonly from: 'bank' | { readonly lostCard: CardKey; readonly slot: number };
    }
  /** The card gave the load up: what funded it goes back where it came from. */
  | {
      readonly kind: 'load-given-up';
      readonly cardId: CardKey;
      readonly counter: number;
      readonly money: Money;
      readonly from: 'bank' | { readonly lostCard: CardKey; readonly slot: number };
    }
  /** The card was lost before anybody heard whether it took the load, and its merchants have had their time: the money is its holder's. */
  | {
      readonly kind: 'load-assumed';
      readonly cardId: CardKey;
      readonly counter: number;
      readonly slot: number;
      readonly money: Money;
    }
  /** The bank took money for a counter that is closed. */
  | { readonly kind: 'funding-came-late'; readonly cardId: CardKey; readonly counter: number; readonly money: Money }
  | { readonly kind: 'funding-returned'; readonly cardId: CardKey; readonly counter: number; readonly money: Money }
  | {
      readonly kind: 'record-booked';
      readonly cardId: CardKey;
      readonly nt: number;
      readonly movement: Movement;
      readonly side: CardSide;
      /** Set for a cancel. */
      readonly source?: CancelSource;
      /** Set for a purchase whose claim came with it: its amount is the merchant's at once. */
      readonly claimedBy?: MerchantKey;
    }
  /** The earlier record came, or will never come: the movement leaves suspense. */
  | {
      readonly kind: 'record-placed';
      readonly cardId: CardKey;
      readonly nt: number;
      readonly movement: Movement;
      readonly side: Exclude<CardSide, 'suspense'>;
    }
  | {
      readonly kind: 'purchase-claimed';
      readonly cardId: CardKey;
      readonly nt: number;
      readonly money: Money;
      readonly merchant: MerchantKey;
    }
  | {
      readonly kind: 'purchase-forfeited';
      readonly cardId: CardKey;
      readonly nt: number;
      readonly money: Money;
      /** Back to the holder, or, where the card broke its chain, against the loss it caused. */
      readonly to: 'holdersPayable' | 'fraud';
    }
  | {
      readonly kind: 'merchant-paid';
      readonly merchant: MerchantKey;
      readonly settlement: number;
      readonly money: Money;
    }
  /** The scheme's commission on what a settlement pays. */
  | {
      readonly kind: 'commission-charged';
      readonly merchant: MerchantKey;
      readonly settlement: number;
      readonly money: Money;
    }
  | { readonly kind: 'card-retired'; readonly cardId: CardKey; readonly balances: readonly Money[] }
  | { readonly kind: 'closing-paid'; readonly cardId: CardKey; readonly slot: number; readonly money: Money }
  | { readonly kind: 'unload-paid'; readonly cardId: CardKey; readonly counter: number; readonly money: Money }
  | { readonly kind: 'holder-paid'; readonly cardId: CardKey; readonly nt: number; readonly money: Money }
  /** A payment in a file to the bank; `from` is what was owed. */
  | {
      readonly kind: 'payment-ordered';
      readonly owner: PayeeKey;
      readonly reference: string;
      readonly from: Account;
      readonly money: Money;
    }
  | {
      readonly kind: 'payment-made';
      readonly owner: PayeeKey;
      readonly reference: string;
      readonly money: Money;
    }
  /** The bank refused it, or sent the money back after it was made: it is owed again. */
  | {
      readonly kind: 'payment-returned';
      readonly owner: PayeeKey;
      readonly reference: string;
      readonly wasMade: boolean;
      readonly to: Account;
      readonly money: Money;
    }
  /** Decided on a case: the scheme bears what a merchant would otherwise lose or owe. */
  | {
      readonly kind: 'loss-booked';
      readonly merchant: MerchantKey;
      readonly reference: string;
      readonly money: Money;
    }
  /** Decided on a case: the merchant bears a loss. */
  | {
      readonly kind: 'recovered-from-merchant';
      readonly merchant: MerchantKey;
      readonly reference: string;
      readonly money: Money;
    }
  /** Decided on a case: the withheld balance of a card that broke its chain goes against the loss it caused. */
  | {
      readonly kind: 'recovered-from-card';
      readonly cardId: CardKey;
      readonly slot: number;
      readonly reference: string;
      readonly side: Extract<CardSide, 'cards' | 'closingsUnpaid'>;
      readonly money: Money;
    };

/** Identity of an event: whose it is (card or merchant: the key a distributed store spreads by) and which. */
export interface EventKey {
  readonly owner: string;
  readonly id: string;
}

export function keyOf(event: LedgerEvent): EventKey {
  switch (event.kind) {
    case 'load-funded':
    case 'load-given-up':
    case 'load-assumed':
    case 'funding-came-late':
    case 'funding-returned':
    case 'unload-paid':
      return { owner: event.cardId, id: `${event.kind}/${event.counter}` };
    case 'record-booked':
    case 'record-placed':
    case 'purchase-claimed':
    case 'purchase-forfeited':
    case 'holder-paid':
      return { owner: event.cardId, id: `${event.kind}/${event.nt}` };
    case 'card-retired':
      return { owner: event.cardId, id: event.kind };
    case 'closing-paid':
      return { owner: event.cardId, id: `${event.kind}/${event.slot}` };
    case 'merchant-paid':
    case 'commission-charged':
      return { owner: event.merchant, id: `${event.kind}/${event.settlement}/${event.money.unit.name}` };
    case 'loss-booked':
    case 'recovered-from-merchant':
      return { owner: event.merchant, id: `${event.kind}/${event.reference}` };
    case 'payment-ordered':
    case 'payment-made':
    case 'payment-returned':
      return { owner: event.owner, id: `${event.kind}/${event.reference}` };
    case 'recovered-from-card':
      return { owner: event.cardId, id: `${event.kind}/${event.reference}` };
  }
}
