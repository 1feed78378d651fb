/**
 * Event → transfers: the one place where it is decided which account pays which. Double entry: every transfer takes an amount
 * from nowhere and to nowhere but two accounts of the chart, so the sum over all accounts is zero at all times.
 */
import type { Money } from '../../protocol/codec/money.js';
import { backing, fees, float, fraud, loyalty, ofCard, ofMerchant, ofPayee, ofSlot, sameAccount } from './accounts.js';
import type { Account, CardKey, MerchantKey } from './accounts.js';
import type { CancelSource, CardSide, LedgerEvent } from './events.js';
import type { Movement } from './records.js';

type RecordBooked = Extract<LedgerEvent, { kind: 'record-booked' }>;

/** Moves an amount above zero. */
export interface Transfer {
  readonly debit: Account;
  readonly credit: Account;
  readonly money: Money;
}

export function transfersFor(event: LedgerEvent): readonly Transfer[] {
  switch (event.kind) {
    case 'load-funded':
      return [transfer(fundedFrom(event.from), ofCard('loadsInFlight', event.cardId), event.money)];
    case 'load-given-up':
      return [transfer(ofCard('loadsInFlight', event.cardId), givenBackTo(event.cardId, event.from), event.money)];
    case 'load-assumed':
      return [transfer(ofCard('loadsInFlight', event.cardId), ofSlot('cards', event.cardId, event.slot), event.money)];
    case 'funding-came-late':
      return [transfer(float, ofCard('funding', event.cardId), event.money)];
    case 'funding-returned':
      return [transfer(ofCard('funding', event.cardId), float, event.money)];
    case 'record-booked':
      return bookings(event);
    case 'record-placed':
      return placements(event.cardId, event.movement, event.side);
    case 'purchase-claimed':
      return [transfer(ofCard('clearing', event.cardId), ofMerchant(event.merchant), event.money)];
    case 'purchase-forfeited': {
      const to = event.to === 'fraud' ? fraud : ofCard('holdersPayable', event.cardId);
      return [transfer(ofCard('clearing', event.cardId), to, event.money)];
    }
    case 'merchant-paid':
      return [transfer(ofMerchant(event.merchant), backing(event.money.unit), event.money)];
    case 'commission-charged':
      return [transfer(ofMerchant(event.merchant), fees, event.money)];
    case 'card-retired':
      return event.balances.flatMap((money, slot) =>
        some(transfer(ofSlot('cards', event.cardId, slot), ofSlot('closingsUnpaid', event.cardId, slot), money)),
      );
    case 'closing-paid':
      return [transfer(ofSlot('closingsUnpaid', event.cardId, event.slot), backing(event.money.unit), event.money)];
    case 'unload-paid':
      return [transfer(ofCard('unloadsUnpaid', event.cardId), backing(event.money.unit), event.money)];
    case 'holder-paid':
      return [transfer(ofCard('holdersPayable', event.cardId), backing(event.money.unit), event.money)];
    case 'payment-ordered':
      return [transfer(event.from, ofPayee(event.owner), event.money)];
    case 'payment-made':
      return [transfer(ofPayee(event.owner), backing(event.money.unit), event.money)];
    case 'payment-returned':
      return [transfer(event.wasMade ? backing(event.money.unit) : ofPayee(event.owner), event.to, event.money)];
    case 'loss-booked':
      return [transfer(fraud, ofMerchant(event.merchant), event.money)];
    case 'recovered-from-merchant':
      return [transfer(ofMerchant(event.merchant), fraud, event.money)];
    case 'recovered-from-card':
      return [transfer(ofSlot(event.side, event.cardId, event.slot), fraud, event.money)];
  }
}

/** A record's two sides: the card's, and the other one its kind names; its points come from the loyalty account. */
function bookings(event: RecordBooked): readonly Transfer[] {
  const { cardId, movement, side, source = 'clearing', claimedBy } = event;
  const { money, points, merchant } = movement;
  const card = cardSide(cardId, movement.slot, side);
  const pointsCard = cardSide(cardId, movement.pointsSlot, side);
  switch (movement.kind) {
    case 'purchase': {
      const owed = claimedBy === undefined ? ofCard('clearing', cardId) : ofMerchant(claimedBy);
      return [transfer(card, owed, money), ...some(transfer(loyalty, pointsCard, points))];
    }
    case 'cancel':
      return [
        ...apart(transfer(cancelSource(cardId, source, merchant), card, money)),
        ...some(transfer(pointsCard, loyalty, points)),
      ];
    case 'load':
      return [transfer(ofCard('loadsInFlight', cardId), card, money)];
    case 'unload':
      return [transfer(card, ofCard('unloadsUnpaid', cardId), money)];
  }
}

/** From suspense to where the movement belongs, in the direction of its kind. */
function placements(cardId: CardKey, movement: Movement, side: CardSide): readonly Transfer[] {
  const suspense = ofCard('suspense', cardId);
  const card = cardSide(cardId, movement.slot, side);
  const pointsCard = cardSide(cardId, movement.pointsSlot, side);
  const { money, points } = movement;
  switch (movement.kind) {
    case 'purchase':
      return [transfer(card, suspense, money), ...some(transfer(suspense, pointsCard, points))];
    case 'cancel':
      return [transfer(suspense, card, money), ...some(transfer(pointsCard, suspense, points))];
    case 'load':
      return [transfer(suspense, card, money)];
    case 'unload':
      return [transfer(card, suspense, money)];
  }
}

function cardSide(cardId: CardKey, slot: number, side: CardSide): Account {
  switch (side) {
    case 'cards':
    case 'closingsUnpaid':
      return ofSlot(side, cardId, slot);
    case 'suspense':
      return ofCard('suspense', cardId);
    case 'fraud':
      return fraud;
  }
}

function cancelSource(cardId: CardKey, source: CancelSource, merchant: MerchantKey): Account {
  switch (source) {
    case 'clearing':
      return ofCard('clearing', cardId);
    case 'merchant':
      return ofMerchant(merchant);
    case 'fraud':
      return fraud;
  }
}

function fundedFrom(from: 'bank' | { lostCard: CardKey; slot: number }): Account {
  return from === 'bank' ? float : ofSlot('closingsUnpaid', from.lostCard, from.slot);
}

function givenBackTo(cardId: CardKey, from: 'bank' | { lostCard: CardKey; slot: number }): Account {
  return from === 'bank' ? ofCard('funding', cardId) : ofSlot('closingsUnpaid', from.lostCard, from.slot);
}

function transfer(debit: Account, credit: Account, money: Money): Transfer {
  return { debit, credit, money };
}

/** Nothing is booked for nothing. */
function some(one: Transfer): readonly Transfer[] {
  return one.money.amount === 0n ? [] : [one];
}

/** A loss that pays itself back is no transfer. */
function apart(one: Transfer): readonly Transfer[] {
  return sameAccount(one.debit, one.credit) ? [] : [one];
}
