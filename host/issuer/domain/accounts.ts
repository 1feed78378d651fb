/**
 * Chart of accounts. Every account exists once per unit; those with a party are kept apart by card and slot, by card, or by
 * merchant. docs/ledger.md prints this table and says what each means to an accountant.
 */
import type { Unit } from '../../protocol/codec/money.js';

/** Side on which an account normally has its balance: debit = what the scheme holds or has lost, credit = what it owes. */
export type Side = 'debit' | 'credit';

export type AccountName = keyof typeof chart;

interface AccountKind {
  readonly side: Side;
  /** payee: merchant, or card of a holder. */
  readonly party: 'none' | 'slot' | 'card' | 'merchant' | 'payee';
  readonly doc: string;
}

export const chart = {
  float: { side: 'debit', party: 'none', doc: 'money held at the bank for everything owed below' },
  loyalty: {
    side: 'debit',
    party: 'none',
    doc: 'points promised: awarded and not yet redeemed; the float of the loyalty unit',
  },
  fraud: { side: 'debit', party: 'none', doc: 'named fraud loss: paid for cards that broke their chain' },
  fees: { side: 'credit', party: 'none', doc: "the scheme's own: commission kept back from merchants at settlement" },
  suspense: {
    side: 'debit',
    party: 'card',
    doc: 'movements of records that wait for an earlier record of the same card',
  },
  cards: { side: 'credit', party: 'slot', doc: 'shadow balance of each slot of a card in use' },
  clearing: { side: 'credit', party: 'card', doc: 'purchases on record that no merchant has claimed yet' },
  merchantsPayable: { side: 'credit', party: 'merchant', doc: 'purchases claimed and accepted, not yet settled' },
  loadsInFlight: { side: 'credit', party: 'card', doc: 'loads funded, neither credited nor given back' },
  funding: { side: 'credit', party: 'card', doc: 'money taken from a payer for a load that will not be: goes back' },
  unloadsUnpaid: { side: 'credit', party: 'card', doc: 'unloads taken off a card, not yet paid to the holder' },
  closingsUnpaid: {
    side: 'credit',
    party: 'slot',
    doc: 'balances of retired and lost cards, not yet paid to the holder',
  },
  holdersPayable: {
    side: 'credit',
    party: 'card',
    doc: 'purchases that no merchant may claim any more: back to the holder',
  },
  paymentsOrdered: {
    side: 'credit',
    party: 'payee',
    doc: 'payments to merchants and holders ordered at the bank, which has not answered yet',
  },
} as const satisfies Record<string, AccountKind>;

/** One account of one party, such as the shadow balance of slot 0 of a card. */
export interface Account {
  readonly name: AccountName;
  /** Card id and slot ("…/0"), card id, merchant, or empty, as the chart says. */
  readonly party: string;
}

/** Acquirer id and merchant id, 8 bytes in hexadecimal. */
export type MerchantKey = string;

/** Card id, 8 bytes in hexadecimal. */
export type CardKey = string;

/** Who is paid by file: a merchant, or the holder of a card. */
export type PayeeKey = string;

export const float: Account = { name: 'float', party: '' };
export const loyalty: Account = { name: 'loyalty', party: '' };
export const fraud: Account = { name: 'fraud', party: '' };
export const fees: Account = { name: 'fees', party: '' };

export function ofCard(
  name: 'suspense' | 'clearing' | 'loadsInFlight' | 'funding' | 'unloadsUnpaid' | 'holdersPayable',
  cardId: CardKey,
): Account {
  return { name, party: cardId };
}

export function ofSlot(name: 'cards' | 'closingsUnpaid', cardId: CardKey, slot: number): Account {
  return { name, party: `${cardId}/${slot}` };
}

export function ofPayee(owner: PayeeKey): Account {
  return { name: 'paymentsOrdered', party: owner };
}

export function ofMerchant(merchant: MerchantKey): Account {
  return { name: 'merchantsPayable', party: merchant };
}

/** ISO 4217 codes are packed decimal, so units that are no currency begin with F (apdu-specs/parameters.yaml). */
export const firstLoyalty = 0xf000;

export function isLoyalty(unit: Unit): boolean {
  return unit.code >= firstLoyalty;
}

/** What stands behind a unit: money at the bank, or the promise of points. */
export function backing(unit: Unit): Account {
  return isLoyalty(unit) ? loyalty : float;
}

export function sameAccount(a: Account, b: Account): boolean {
  return a.name === b.name && a.party === b.party;
}
