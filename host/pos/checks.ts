/** What a POS checks before it orders anything. The card checks all of it again; asking first spares a number and a refusal. */
import { compare, formatMoney } from '../protocol/codec/money.js';
import type { Money } from '../protocol/codec/money.js';
import type { Seconds } from '../protocol/codec/time.js';
import { RecordType } from '../protocol/generated/enums.js';
import { isExpired } from '../terminal/flow/expiry.js';
import type { Order } from '../terminal/journal/state.js';
import { refusal, unfitCard } from '../terminal/refusal.js';
import type { Refusal } from '../terminal/refusal.js';
import type { PosContext, Visit } from './types.js';

const synchronise = 'Synchronise the card at a kiosk: a load, or the balance with PIN.';

const otherUnit = 'Take another currency that the card holds and the certificate of this terminal grants.';

/** A card that moves no money, whatever is asked. */
export function unusable(visit: Visit, now: Seconds): Refusal | undefined {
  const { s1 } = visit;
  if (s1.retired) return unfitCard('retired', 'The card is retired.');
  if (s1.blocked) return refusal('card-blocked', 'The card is blocked.', 'Take it to the desk.');
  if (isExpired(visit, now)) {
    return refusal('card-expired', 'The card has expired.', 'Take it to the desk for a new one.');
  }
  return undefined;
}

/** May this amount be asked of this card here and now? */
export function refusedPayment(context: PosContext, visit: Visit, amount: Money, now: Seconds): Refusal | undefined {
  return underOldList(context, visit, amount, now) ?? overHeadroom(visit, amount);
}

/** Does the card want the PIN for this amount? */
export function needsPin({ s1 }: Visit, amount: Money): boolean {
  return s1.headroom !== undefined && compare(amount, s1.headroom.withoutPin) > 0;
}

/** The purchase that a cancel would undo, or why there is none. */
export function cancellable({ s1, facts }: Visit, tn: number | undefined): Order | Refusal {
  const sale = facts.newest;
  const last = s1.newest?.type === RecordType.purchase && s1.newest.nt === s1.nt;
  if (!last || sale?.end?.result !== 'executed' || sale.kind !== 'debit') {
    return refusal(
      'nothing-to-cancel',
      'The newest transaction of this card is not a payment at this terminal.',
      'Only the newest transaction of a card can be cancelled, at the terminal that made it.',
    );
  }
  if (tn !== undefined && tn !== sale.tn) {
    return refusal(
      'nothing-to-cancel',
      `The card’s newest payment here is number ${sale.tn}, not ${tn}.`,
      `Cancel ${sale.tn}, or nothing.`,
    );
  }
  return sale;
}

function underOldList(context: PosContext, { facts }: Visit, amount: Money, now: Seconds): Refusal | undefined {
  const { listIssuedAt } = facts;
  if (listIssuedAt !== undefined && now - listIssuedAt <= context.listMaxAge) return undefined;
  const floor: Money = { amount: context.floor[amount.unit.name] ?? 0n, unit: amount.unit };
  if (floor.amount > 0n && compare(amount, floor) <= 0) return undefined;
  const sold = floor.amount === 0n ? 'nothing is sold' : `no more than ${formatMoney(floor)} is sold at once`;
  return refusal(
    'hot-list-too-old',
    `The list of blocked cards is too old, so ${sold}.`,
    'Connect the terminal: ./epurse pos upload fetches a new list.',
  );
}

function overHeadroom({ s1 }: Visit, amount: Money): Refusal | undefined {
  const { headroom, balance, logFull } = s1;
  if (balance.unit.code !== amount.unit.code)
    return refusal('unit-not-granted', `The card holds no ${amount.unit.name} in that purse.`, otherUnit);
  if (headroom === undefined || headroom.transaction.amount === 0n) {
    return refusal('unit-not-granted', `This terminal may not take ${amount.unit.name}.`, otherUnit);
  }
  if (compare(amount, headroom.transaction) > 0) {
    return refusal(
      'over-transaction-limit',
      `At most ${formatMoney(headroom.transaction)} can be paid at once.`,
      'Take a smaller amount.',
    );
  }
  if (logFull) return refusal('log-full', 'The card’s log is full.', synchronise);
  if (compare(amount, headroom.offline) > 0) {
    return refusal(
      'over-offline-limit',
      `The card pays ${formatMoney(headroom.offline)} at most before it is synchronised.`,
      synchronise,
    );
  }
  if (compare(amount, balance) > 0) {
    return refusal(
      'balance-too-small',
      `The card holds ${formatMoney(balance)}.`,
      'Take a smaller amount, or reload the card.',
    );
  }
  return undefined;
}
