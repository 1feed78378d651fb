/**
 * The scheme as a lecturer would draw it on a board: what each card holds, what may become of it, what merchants are owed. Pure. It
 * says after each step what the card may now hold and whether the terminal told its people the truth; what was left open by
 * a fault it takes from the card, once, and holds everybody to it from then on.
 */
import { LoadType } from '../../../host/protocol/generated/enums.js';
import { fetchedAtKiosk, followBlocking, replaced, sellsByList, standingAt, takeBack } from './lists.js';
import { pinAfterReset, triesAfter } from './pin.js';
import { Contradiction, expectThat, freshCard } from './state.js';
import type { CardModel, Holding, Model, OpenOrder, Rules, Sale, Seen, Unsettled } from './state.js';
import { inEuros } from './steps.js';
import type { CardDeed, Deed } from './steps.js';

type Pay = Extract<Deed, { readonly do: 'pay' }>;

/** @throws Contradiction */
export function follow(model: Model, deed: CardDeed, seen: Seen): void {
  const card = model.cards[deed.card];
  if (card === undefined) throw new RangeError('no such card');
  const isReported = model.lists.issuer[deed.card] !== 'no';
  if (deed.do === 'found') takeBack(model, deed.card);
  if (isAtKiosk(deed)) fetchedAtKiosk(model, seen.disturbed);
  followRetirement(card, deed, seen);
  const next = afterDeed(model, card, deed, seen);
  followBlocking(model, card, deed, seen);
  const pin = deed.do === 'new-pin' ? pinAfterReset(card, seen, isReported) : { tries: triesAfter(card, deed, seen) };
  const { holding, isOrderedBlocked, isRetired } = seen;
  model.cards[deed.card] = { ...next, ...pin, holding, isOrderedBlocked, isRetired };
}

/** [M9]: a retired card moves no money, and stays retired. */
function followRetirement(card: CardModel, deed: CardDeed, seen: Seen): void {
  expectThat(seen.isRetired || !card.isRetired, 'a retired card came back');
  expectThat(!seen.isRetired || same(card.holding, seen.holding), `a retired card moved money: ${move(card, seen)}`);
  expectThat(!seen.isRetired || card.isRetired || deed.do === 'retire', 'retired, and no desk did it');
}

/** The issuer has the closing statement; the holder gets another card, with nothing on it. */
export function replace(model: Model, card: number): void {
  const { [card]: old } = model.cards;
  if (old === undefined) throw new RangeError('no such card');
  model.retired.push(old);
  model.cards[card] = freshCard(old.open.length);
  replaced(model, card);
}

function afterDeed(model: Model, card: CardModel, deed: CardDeed, seen: Seen): CardModel {
  switch (deed.do) {
    case 'pay':
    case 'cancel':
      return atPos(model, card, deed, seen);
    case 'load':
    case 'give-up':
    case 'balance':
      return atKiosk(model, card, deed, seen);
    case 'replay':
      expectThat(same(card.holding, seen.holding), `old commands moved money: ${move(card, seen)}`);
      return card;
    case 'new-pin':
      expectThat(same(card.holding, seen.holding), `a new PIN moved money: ${move(card, seen)}`);
      return card;
    case 'found':
      expectThat(same(card.holding, seen.holding), `an unblock order moved money: ${move(card, seen)}`);
      expectThat(
        seen.result === 'ordered' || seen.disturbed || card.isRetired,
        `not unblocked (${seen.code ?? seen.result})`,
      );
      expectThat(seen.result !== 'ordered' || !seen.isOrderedBlocked, 'unblocked by the desk, and still blocked');
      return card;
    case 'retire':
      expectThat(same(card.holding, seen.holding), `closing a card moved money: ${move(card, seen)}`);
      expectThat(
        seen.result === 'ordered' || seen.disturbed || card.isUnheard,
        `not closed (${seen.code ?? seen.result})`,
      );
      expectThat(seen.result !== 'ordered' || seen.isRetired, 'closed at the desk, and still in use');
      return card;
  }
}

// --- POS -------------------------------------------------------------------------------------------------------------------

function atPos(model: Model, card: CardModel, deed: Extract<CardDeed, { pos: number }>, seen: Seen): CardModel {
  const [cents, points] = [seen.holding.cents - card.holding.cents, seen.holding.points - card.holding.points];
  const earlier = card.open[deed.pos];
  const moved = cents !== 0;
  const debited = deed.do === 'pay' && cents === -deed.cents;
  const undone = undoable(card, deed.pos);
  const cancelled = undone !== undefined && cents === undone.cents && points === -undone.points;
  expectThat(
    !moved || debited || cancelled,
    `${move(card, seen)}, which is neither this payment nor a cancel of the last one`,
  );
  expectThat(
    !(debited || cancelled) || standingAt(model, deed) !== 'yes',
    'money moved at a POS that had the card on its list',
  );
  if (debited) {
    expectThat(sellsByList(model, deed.pos) !== 'no', 'a POS sold by a list that is too old');
    expectPayable(model.rules, card, deed, seen);
    expectThat(points === pointsFor(model.rules, card, deed.cents), `${points} points for ${inEuros(deed.cents)}`);
  }
  if (!moved) expectThat(points === 0, `${points} points without money`);
  checkWord(card, deed, seen, { debited, cancelled, earlier });
  if (!moved && seen.result === 'refused' && !seen.disturbed && deed.do === 'pay')
    expectReason(model, card, deed, seen);
  model.owed -= cents;
  const last = debited ? { pos: deed.pos, cents: -cents, points } : cancelled ? undefined : card.last;
  const unsettled = unsettledAfter(card, deed.pos, seen, moved);
  const withoutPin = debited ? withoutPinAfter(model.rules, card, deed.cents) : card.withoutPin;
  return { ...card, last, unsettled, withoutPin, open: openAfter(card, deed, seen, { debited, cancelled }) };
}

function unsettledAfter(card: CardModel, pos: number, seen: Seen, moved: boolean): readonly Unsettled[] {
  const others = moved ? goneOn(card.unsettled) : card.unsettled;
  const before = card.unsettled[pos] ?? 'no';
  const isOpen = seen.disturbed || seen.result === 'unresolved';
  const now = isOpen && before === 'no' ? 'open' : seen.result === 'refused' || isOpen ? before : 'no';
  return others.map((other, number) => (number === pos ? now : other));
}

function goneOn(unsettled: readonly Unsettled[]): readonly Unsettled[] {
  return unsettled.map((one) => (one === 'open' ? 'gone-on' : one));
}

interface Moves {
  readonly debited: boolean;
  readonly cancelled: boolean;
}

/** What the cashier is told is what the card did. */
function checkWord(
  card: CardModel,
  deed: Extract<CardDeed, { pos: number }>,
  seen: Seen,
  { debited, cancelled, earlier }: Moves & { readonly earlier: OpenOrder | undefined },
): void {
  switch (seen.result) {
    case 'paid':
      if (!seen.recovered) return expectThat(debited, 'goods for nothing: "paid", and the card paid nothing [M2]');
      return expectThat(
        !debited &&
          earlier?.executed === true &&
          earlier.kind === 'debit' &&
          deed.do === 'pay' &&
          earlier.cents === deed.cents,
        '"paid earlier", and there is no such payment [M2]',
      );
    case 'cancelled':
      if (!seen.recovered) return expectThat(cancelled, '"cancelled", and the card got nothing back');
      return expectThat(
        !cancelled && earlier?.executed === true && earlier.kind === 'cancel',
        '"cancelled earlier", and it was not',
      );
    case 'refused':
      return expectThat(!debited && !cancelled, '"refused, no money moved", and money moved [M4]');
    case 'unresolved':
      return expectThat(seen.disturbed || card.unsettled[deed.pos] === 'gone-on', 'left open, and nothing went wrong');
    default:
      throw new Contradiction(`a POS said "${seen.result}"`);
  }
}

function expectPayable(rules: Rules, card: CardModel, deed: CardDeed, seen: Seen): void {
  if (deed.do !== 'pay') return;
  expectThat(
    card.holding.cents >= deed.cents,
    `a card with ${inEuros(card.holding.cents)} paid ${inEuros(deed.cents)}`,
  );
  expectThat(deed.cents <= rules.maxTransaction, `${inEuros(deed.cents)} is over the limit`);
  expectThat(
    !wantsPin(rules, card, deed.cents) || deed.pin === 'right',
    `${inEuros(deed.cents)} without the PIN, after ${inEuros(card.withoutPin)} [M12]`,
  );
  expectThat(!seen.isBlocked, 'a blocked card paid [M9]');
}

function wantsPin({ pinlessSingle, pinlessSum }: Rules, { withoutPin }: CardModel, cents: number): boolean {
  return cents > pinlessSingle || withoutPin + cents > pinlessSum;
}

function withoutPinAfter(rules: Rules, card: CardModel, cents: number): number {
  return wantsPin(rules, card, cents) ? 0 : card.withoutPin + cents;
}

/** No refusal without a reason that the model knows. */
function expectReason(model: Model, card: CardModel, deed: Pay, { code = '' }: Seen): void {
  const reasons: Readonly<Record<string, boolean>> = {
    'balance-too-small': card.holding.cents < deed.cents,
    'over-transaction-limit': deed.cents > model.rules.maxTransaction,
    'pin-wrong': deed.pin === 'wrong' || (deed.pin === 'right' && card.isPinUnsure),
    'pin-not-given': deed.pin !== 'right',
    'pin-blocked': card.tries[0] <= 1,
    'card-blocked': card.tries[0] <= 1 || card.isOrderedBlocked,
    'card-retired': card.isRetired,
    'card-listed': standingAt(model, deed) !== 'no',
    'hot-list-too-old': sellsByList(model, deed.pos) !== 'yes',
    'earlier-payment': card.open[deed.pos]?.executed === true,
    // what a card counts between two synchronisations is its own affair; these only ever refuse
    'over-offline-limit': true,
    'log-full': true,
    'cancel-limit': true,
    'nothing-to-cancel': card.open[deed.pos]?.executed === true,
  };
  expectThat(reasons[code] === true, `refused as "${code}" without any reason`);
}

/** The last purchase, if this POS may undo it. */
function undoable({ last }: CardModel, pos: number): Sale | undefined {
  return last?.pos === pos ? last : undefined;
}

function pointsFor({ pointsStep, maxPoints }: Rules, { holding }: CardModel, cents: number): number {
  return Math.min(Math.floor(cents / pointsStep), maxPoints - holding.points);
}

function openAfter(
  card: CardModel,
  deed: Extract<CardDeed, { pos: number }>,
  seen: Seen,
  { debited, cancelled }: Moves,
): CardModel['open'] {
  const before = card.open[deed.pos];
  const now = (): OpenOrder | undefined => {
    // a blocked or retired card says nothing; what cannot be undone any more, because the card went on, waits for another decision
    const isPutOff = ['card-blocked', 'card-retired', 'nothing-to-cancel'].includes(seen.code ?? '');
    const stillOpen = seen.disturbed || seen.result === 'unresolved' || isPutOff;
    if (debited && deed.do === 'pay' && seen.result !== 'paid')
      return { kind: 'debit', cents: deed.cents, points: 0, executed: true };
    if (cancelled && seen.result !== 'cancelled')
      return { kind: 'cancel', cents: card.last?.cents ?? 0, points: 0, executed: true };
    // met in vain, the terminal may or may not have learnt what became of the order before
    return stillOpen ? before : undefined;
  };
  return card.open.map((order, pos) => (pos === deed.pos ? now() : order));
}

// --- kiosk -----------------------------------------------------------------------------------------------------------------

type AtKiosk = Extract<Deed, { readonly do: 'load' | 'give-up' | 'balance' }>;

function isAtKiosk(deed: CardDeed): deed is AtKiosk {
  return deed.do === 'load' || deed.do === 'give-up' || deed.do === 'balance';
}

function atKiosk(model: Model, card: CardModel, deed: AtKiosk, seen: Seen): CardModel {
  const cents = seen.holding.cents - card.holding.cents;
  const wanted = deed.do === 'load' ? (deed.type === LoadType.load ? deed.cents : -deed.cents) : 0;
  const { pending } = card;
  const allowed = new Set([0, wanted, ...pending, ...pending.map((left) => left + wanted)]);
  expectThat(
    allowed.has(cents),
    `${move(card, seen)} at a kiosk that was asked for ${inEuros(wanted)}; pending were ${pending.map(inEuros).join(' or ') || 'none'} [M3]`,
  );
  expectThat(seen.holding.points === card.holding.points, 'points came or went at a kiosk');
  expectThat(
    seen.holding.cents >= 0 && (cents <= 0 || seen.holding.cents <= model.rules.maxBalance),
    `a balance of ${inEuros(seen.holding.cents)}`,
  );
  expectThat(cents === 0 || standingAt(model, deed) !== 'yes', 'money moved at a kiosk that had the card on its list');
  const isDone = wanted !== 0 && (cents === wanted || pending.some((left) => cents === left + wanted));
  if (seen.result === 'loaded' && !seen.recovered) expectThat(isDone, `"loaded", and ${move(card, seen)}`);
  if (seen.result === 'refused' && pending.length === 0)
    expectThat(cents === 0, `"refused", and ${move(card, seen)} [M4]`);
  expectThat(cents === 0 || deed.pin === 'right' || pending.includes(cents), 'a load without the PIN');
  const last = cents === 0 ? card.last : undefined;
  const unloaded = card.unloaded + unloadedBy(cents, wanted, pending);
  const unsettled = cents === 0 ? card.unsettled : goneOn(card.unsettled);
  return {
    ...{ ...card, last, unsettled, unloaded },
    isUnheard: seen.disturbed ? card.isUnheard || cents !== 0 : card.isUnheard && seen.result === 'refused',
    pending: pendingAfter(pending, { wanted, cents, isDone }, seen),
  };
}

/** A visit may end a load that was pending and then do what was asked for, so what it moved is the sum of both. */
function unloadedBy(cents: number, wanted: number, pending: readonly number[]): number {
  const left =
    cents === wanted || cents === 0 ? undefined : pending.find((one) => cents === one || cents === one + wanted);
  const moved = left === undefined ? [cents] : [left, cents - left];
  return moved.reduce((sum, one) => sum - Math.min(one, 0), 0);
}

interface AtRegister {
  readonly wanted: number;
  readonly cents: number;
  readonly isDone: boolean;
}

/** What may still be credited later. */
function pendingAfter(
  pending: readonly number[],
  { wanted, cents, isDone }: AtRegister,
  seen: Seen,
): readonly number[] {
  if (isDone) return [];
  const mayBeBegun = wanted !== 0 && (seen.result === 'unresolved' || seen.disturbed) ? [wanted] : [];
  const isLeft = cents === 0 && (seen.result === 'refused' || seen.result === 'unresolved' || seen.disturbed);
  return isLeft ? [...new Set([...pending, ...mayBeBegun])] : mayBeBegun;
}

// ---------------------------------------------------------------------------------------------------------------------------

function same(one: Holding, other: Holding): boolean {
  return one.cents === other.cents && one.points === other.points;
}

function move({ holding }: CardModel, seen: Seen): string {
  return `the card went from ${inEuros(holding.cents)} to ${inEuros(seen.holding.cents)}`;
}
