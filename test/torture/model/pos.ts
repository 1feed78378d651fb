/** What may become of a card at a POS, and what the cashier may be told. Pure. */
import { pointsSlot } from '../../helpers/personalize.js';
import { allInWords, at, difference, inWords, isNothing, plus, same, sumOf } from './amounts.js';
import type { Amounts } from './amounts.js';
import { sellsByList, standingAt } from './lists.js';
import { Contradiction, expectThat, isExpired, move } from './state.js';
import type { CardModel, Model, OpenOrder, Rules, Sale, Seen, Unsettled } from './state.js';
import type { CardDeed } from './steps.js';

type AtPos = Extract<CardDeed, { readonly pos: number }>;
type Pay = Extract<CardDeed, { readonly do: 'pay' }>;

/** @throws Contradiction @returns the card afterwards, but for what every deed changes alike */
export function atPos(model: Model, card: CardModel, deed: AtPos, seen: Seen): CardModel {
  const moved = difference(seen.holding, card.holding);
  const isMoved = !isNothing(moved);
  const wanted = deed.do === 'pay' ? saleOf(model.rules, card, deed) : undefined;
  const debited = wanted !== undefined && same(moved, effectOf(wanted)) ? wanted : undefined;
  const undone = undoable(card, deed.pos);
  const cancelled = undone !== undefined && same(moved, reverseOf(undone)) ? undone : undefined;
  expectThat(
    !isMoved || debited !== undefined || cancelled !== undefined,
    `${move(card, seen)}, which is neither this payment nor a cancel of the last one`,
  );
  expectThat(!isMoved || standingAt(model, deed) !== 'yes', 'money moved at a POS that had the card on its list');
  if (debited !== undefined && deed.do === 'pay') {
    expectThat(sellsByList(model, deed.pos) !== 'no', 'a POS sold by a list that is too old');
    expectPayable(model.rules, card, deed, seen);
  }
  const moves = { debited, cancelled };
  checkWord(card, deed, seen, moves);
  if (!isMoved && seen.result === 'refused' && !seen.disturbed && deed.do === 'pay')
    expectReason(model, card, deed, seen);
  model.owed = owedAfter(model.owed, moves);
  return {
    ...card,
    last: debited ?? (cancelled === undefined ? card.last : undefined),
    unsettled: unsettledAfter(card, deed.pos, seen, isMoved),
    withoutPin: debited === undefined ? card.withoutPin : withoutPinAfter(model.rules, card, debited),
    open: openAfter(card, deed, seen, moves),
  };
}

/** Which of the two the card did. */
interface Moves {
  readonly debited: Sale | undefined;
  readonly cancelled: Sale | undefined;
}

function saleOf({ slots }: Rules, { holding }: CardModel, { pos, slot, amount }: Pay): Sale {
  const step = slots[slot]?.pointsStep ?? 0;
  const room = (slots[pointsSlot]?.maxBalance ?? 0) - at(holding, pointsSlot);
  return { pos, slot, amount, points: step === 0 ? 0 : Math.min(Math.floor(amount / step), room) };
}

function effectOf({ slot, amount, points }: Sale): Amounts {
  return sumOf([
    { slot, amount: -amount },
    { slot: pointsSlot, amount: points },
  ]);
}

function reverseOf({ slot, amount, points }: Sale): Amounts {
  return effectOf({ pos: 0, slot, amount: -amount, points: -points });
}

/** The last purchase, if this POS may undo it. */
function undoable({ last }: CardModel, pos: number): Sale | undefined {
  return last?.pos === pos ? last : undefined;
}

function owedAfter(owed: Amounts, { debited, cancelled }: Moves): Amounts {
  if (debited !== undefined) return plus(owed, debited);
  return cancelled === undefined ? owed : plus(owed, { slot: cancelled.slot, amount: -cancelled.amount });
}

function unsettledAfter(card: CardModel, pos: number, seen: Seen, moved: boolean): readonly Unsettled[] {
  const others = moved ? goneOn(card.unsettled) : card.unsettled;
  const before = card.unsettled[pos] ?? 'no';
  const isOpen = seen.disturbed || seen.result === 'unresolved';
  const now = isOpen && before === 'no' ? 'open' : seen.result === 'refused' || isOpen ? before : 'no';
  return others.map((other, number) => (number === pos ? now : other));
}

/** The card has written a record since. */
export function goneOn(unsettled: readonly Unsettled[]): readonly Unsettled[] {
  return unsettled.map((one) => (one === 'open' ? 'gone-on' : one));
}

/** What the cashier is told is what the card did. */
function checkWord(card: CardModel, deed: AtPos, seen: Seen, { debited, cancelled }: Moves): void {
  const earlier = card.open[deed.pos];
  switch (seen.result) {
    case 'paid':
      if (!seen.recovered)
        return expectThat(debited !== undefined, 'goods for nothing: "paid", and the card paid nothing [M2]');
      return expectThat(
        debited === undefined && deed.do === 'pay' && isThisSale(earlier, deed),
        '"paid earlier", and there is no such payment [M2]',
      );
    case 'cancelled':
      if (!seen.recovered) return expectThat(cancelled !== undefined, '"cancelled", and the card got nothing back');
      return expectThat(cancelled === undefined && earlier?.kind === 'cancel', '"cancelled earlier", and it was not');
    case 'refused':
      return expectThat(
        debited === undefined && cancelled === undefined,
        '"refused, no money moved", and money moved [M4]',
      );
    case 'unresolved':
      return expectThat(seen.disturbed || card.unsettled[deed.pos] === 'gone-on', 'left open, and nothing went wrong');
    default:
      throw new Contradiction(`a POS said "${seen.result}"`);
  }
}

function isThisSale(order: OpenOrder | undefined, { slot, amount }: Pay): boolean {
  return order?.kind === 'debit' && order.slot === slot && order.amount === amount;
}

function expectPayable(rules: Rules, card: CardModel, deed: Pay, seen: Seen): void {
  const asked = inWords(deed);
  expectThat(at(card.holding, deed.slot) >= deed.amount, `a card with ${allInWords(card.holding)} paid ${asked}`);
  expectThat(deed.amount <= (rules.slots[deed.slot]?.maxTransaction ?? 0), `${asked} is over the limit`);
  const withoutPin = inWords({ slot: deed.slot, amount: at(card.withoutPin, deed.slot) });
  expectThat(
    !wantsPin(rules, card, deed) || deed.pin === 'right',
    `${asked} without the PIN, after ${withoutPin} [M12]`,
  );
  expectThat(!seen.isBlocked, 'a blocked card paid [M9]');
}

type Asked = Pick<Sale, 'slot' | 'amount'>;

function wantsPin({ slots }: Rules, { withoutPin }: CardModel, { slot, amount }: Asked): boolean {
  const { pinlessSingle = 0, pinlessSum = 0 } = slots[slot] ?? {};
  return amount > pinlessSingle || at(withoutPin, slot) + amount > pinlessSum;
}

function withoutPinAfter(rules: Rules, card: CardModel, { slot, amount }: Asked): Amounts {
  const cleared = -at(card.withoutPin, slot);
  return plus(card.withoutPin, { slot, amount: wantsPin(rules, card, { slot, amount }) ? cleared : amount });
}

/** No refusal without a reason that the model knows. */
function expectReason(model: Model, card: CardModel, deed: Pay, { code = '' }: Seen): void {
  const hasOpen = card.open[deed.pos] !== undefined;
  const reasons: Readonly<Record<string, boolean>> = {
    'balance-too-small': at(card.holding, deed.slot) < deed.amount,
    'over-transaction-limit': deed.amount > (model.rules.slots[deed.slot]?.maxTransaction ?? 0),
    'pin-wrong': deed.pin === 'wrong' || (deed.pin === 'right' && card.isPinUnsure),
    'pin-not-given': deed.pin !== 'right',
    'pin-blocked': card.tries[0] <= 1,
    'card-blocked': card.tries[0] <= 1 || card.isOrderedBlocked,
    'card-retired': card.isRetired,
    'card-expired': isExpired(model, card),
    'card-listed': standingAt(model, deed) !== 'no',
    'hot-list-too-old': sellsByList(model, deed.pos) !== 'yes',
    'earlier-payment': hasOpen,
    // what a card counts between two synchronisations is its own affair; these only ever refuse
    'over-offline-limit': true,
    'log-full': true,
    'cancel-limit': true,
    'nothing-to-cancel': hasOpen,
  };
  expectThat(reasons[code] === true, `refused as "${code}" without any reason`);
}

function openAfter(card: CardModel, deed: AtPos, seen: Seen, { debited, cancelled }: Moves): CardModel['open'] {
  const before = card.open[deed.pos];
  const now = (): OpenOrder | undefined => {
    // a blocked or retired card says nothing; what cannot be undone any more, because the card went on, waits for another decision
    const isPutOff = ['card-blocked', 'card-retired', 'nothing-to-cancel'].includes(seen.code ?? '');
    const stillOpen = seen.disturbed || seen.result === 'unresolved' || isPutOff;
    if (debited !== undefined && seen.result !== 'paid') return { kind: 'debit', ...debited };
    if (cancelled !== undefined && seen.result !== 'cancelled') return { kind: 'cancel', ...cancelled };
    // met in vain, the terminal may or may not have learnt what became of the order before
    return stillOpen ? before : undefined;
  };
  return card.open.map((order, pos) => (pos === deed.pos ? now() : order));
}
