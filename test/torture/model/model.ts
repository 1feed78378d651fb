/**
 * The scheme as a lecturer would draw it on a board: what each card holds, what may become of it, what merchants are owed. Pure. It
 * says after each step what the card may now hold and whether the terminal told its people the truth; what was left open by
 * a fault it takes from the card, once, and holds everybody to it from then on.
 */
import { LoadType } from '../../../host/protocol/generated/enums.js';
import { pinTries } from '../../../host/protocol/generated/parameters.js';
import { inEuros } from './steps.js';
import type { Deed } from './steps.js';

/** What the issuer sets on cards, in cents. */
export interface Rules {
  readonly maxBalance: number;
  readonly maxTransaction: number;
  readonly pinlessSingle: number;
  readonly pointsStep: number;
  readonly maxPoints: number;
}

/** Exactly what a card holds. */
export interface Holding {
  readonly cents: number;
  readonly points: number;
}

/** What came of a step, seen by people at the terminal, and what the card then holds. */
export interface Seen {
  /** `paid`, `cancelled`, `loaded`, `balance`, `refused`, `unresolved`, …; a flow's word. */
  readonly result: string;
  /** Why it was refused. */
  readonly code?: string;
  /** An earlier order turned out to be this one. */
  readonly recovered: boolean;
  readonly holding: Holding;
  readonly isBlocked: boolean;
  /** Did anything really go wrong on the way? A fault that met no command is none. */
  readonly disturbed: boolean;
}

export interface Sale {
  readonly pos: number;
  readonly cents: number;
  readonly points: number;
}

export interface CardModel {
  readonly holding: Holding;
  /** PIN tries left: at least, at most. */
  readonly tries: readonly [number, number];
  /** A PIN reset may have been done or not, so what the holder takes for his PIN may be wrong. */
  readonly isPinUnsure: boolean;
  /** Loads and unloads that may have been begun and were not seen to end, in cents with their sign: at most one of them is real. */
  readonly pending: readonly number[];
  /** The last purchase, as long as nothing came after it. */
  readonly last: Sale | undefined;
  /** An order of a POS whose end it has not told anybody. */
  readonly open: readonly (OpenOrder | undefined)[];
  /** What each POS may still have to find out about an order of its own. */
  readonly unsettled: readonly Unsettled[];
}

/** gone-on: the card has written other records since, so it cannot say any more, and the issuer only once it has heard of them. */
export type Unsettled = 'no' | 'open' | 'gone-on';

export interface OpenOrder {
  readonly kind: 'debit' | 'cancel';
  readonly cents: number;
  readonly points: number;
  /** As the card has it. */
  readonly executed: boolean;
}

export interface Model {
  readonly rules: Rules;
  readonly cards: CardModel[];
  /** Sales less cancels, in cents. */
  owed: number;
}

/** Said where the system did what the model does not allow. */
export class Contradiction extends Error {
  override readonly name = 'Contradiction';
}

export function freshCard(posCount: number): CardModel {
  return {
    holding: { cents: 0, points: 0 },
    tries: [pinTries, pinTries],
    isPinUnsure: false,
    pending: [],
    last: undefined,
    open: Array.from({ length: posCount }, () => undefined),
    unsettled: Array.from({ length: posCount }, () => 'no' as const),
  };
}

type CardDeed = Extract<Deed, { readonly card: number }>;
type Pay = Extract<Deed, { readonly do: 'pay' }>;

/** @throws Contradiction */
export function follow(model: Model, deed: CardDeed, seen: Seen): void {
  const card = model.cards[deed.card];
  if (card === undefined) throw new RangeError('no such card');
  const next = afterDeed(model, card, deed, seen);
  const pin = deed.do === 'new-pin' ? pinAfterReset(card, seen) : { tries: triesAfter(card, deed, seen) };
  model.cards[deed.card] = { ...next, ...pin, holding: seen.holding };
}

function afterDeed(model: Model, card: CardModel, deed: CardDeed, seen: Seen): CardModel {
  switch (deed.do) {
    case 'pay':
    case 'cancel':
      return atPos(model, card, deed, seen);
    case 'load':
    case 'give-up':
    case 'balance':
      return atKiosk(model.rules, card, deed, seen);
    case 'replay':
      expectThat(same(card.holding, seen.holding), `old commands moved money: ${move(card, seen)}`);
      return card;
    case 'new-pin':
      expectThat(same(card.holding, seen.holding), `a new PIN moved money: ${move(card, seen)}`);
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
  if (debited) {
    expectPayable(model.rules, card, deed, seen);
    expectThat(points === pointsFor(model.rules, card, deed.cents), `${points} points for ${inEuros(deed.cents)}`);
  }
  if (!moved) expectThat(points === 0, `${points} points without money`);
  checkWord(card, deed, seen, { debited, cancelled, earlier });
  if (!moved && seen.result === 'refused' && !seen.disturbed && deed.do === 'pay')
    expectReason(model.rules, card, deed, seen);
  model.owed -= cents;
  const last = debited ? { pos: deed.pos, cents: -cents, points } : cancelled ? undefined : card.last;
  const unsettled = unsettledAfter(card, deed.pos, seen, moved);
  return { ...card, last, unsettled, open: openAfter(card, deed, seen, { debited, cancelled }) };
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

function expectPayable({ maxTransaction, pinlessSingle }: Rules, card: CardModel, deed: CardDeed, seen: Seen): void {
  if (deed.do !== 'pay') return;
  expectThat(
    card.holding.cents >= deed.cents,
    `a card with ${inEuros(card.holding.cents)} paid ${inEuros(deed.cents)}`,
  );
  expectThat(deed.cents <= maxTransaction, `${inEuros(deed.cents)} is over the limit`);
  expectThat(deed.cents <= pinlessSingle || deed.pin === 'right', `${inEuros(deed.cents)} without the PIN`);
  expectThat(!seen.isBlocked, 'a blocked card paid [M9]');
}

/** No refusal without a reason that the model knows. */
function expectReason(rules: Rules, card: CardModel, deed: Pay, { code = '' }: Seen): void {
  const reasons: Readonly<Record<string, boolean>> = {
    'balance-too-small': card.holding.cents < deed.cents,
    'over-transaction-limit': deed.cents > rules.maxTransaction,
    'pin-wrong': deed.pin === 'wrong' || (deed.pin === 'right' && card.isPinUnsure),
    'pin-not-given': deed.pin !== 'right',
    'pin-blocked': card.tries[0] <= 1,
    'card-blocked': card.tries[0] <= 1,
    'earlier-payment': card.open[deed.pos]?.executed === true,
    // what a card counts between two synchronisations is its own affair; these only ever refuse
    'over-offline-limit': true,
    'log-full': true,
    'cancel-limit': true,
    'nothing-to-cancel': card.open[deed.pos]?.executed === true,
    'hot-list-too-old': true,
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
    // what cannot be undone any more, because the card went on, waits for another decision
    const stillOpen = seen.disturbed || seen.result === 'unresolved' || seen.code === 'nothing-to-cancel';
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

function atKiosk({ maxBalance }: Rules, card: CardModel, deed: AtKiosk, seen: Seen): CardModel {
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
    seen.holding.cents >= 0 && (cents <= 0 || seen.holding.cents <= maxBalance),
    `a balance of ${inEuros(seen.holding.cents)}`,
  );
  const isDone = wanted !== 0 && (cents === wanted || pending.some((left) => cents === left + wanted));
  if (seen.result === 'loaded' && !seen.recovered) expectThat(isDone, `"loaded", and ${move(card, seen)}`);
  if (seen.result === 'refused' && pending.length === 0)
    expectThat(cents === 0, `"refused", and ${move(card, seen)} [M4]`);
  expectThat(cents === 0 || deed.pin === 'right' || pending.includes(cents), 'a load without the PIN');
  const last = cents === 0 ? card.last : undefined;
  const unsettled = cents === 0 ? card.unsettled : goneOn(card.unsettled);
  return { ...card, last, unsettled, pending: pendingAfter(pending, { wanted, cents, isDone }, seen) };
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

// --- PIN -------------------------------------------------------------------------------------------------------------------

/** The one order that gives a blocked card back, and the only state between: blocked, until the order is repeated [M5]. */
function pinAfterReset(card: CardModel, seen: Seen): Pick<CardModel, 'tries' | 'isPinUnsure'> {
  if (seen.result === 'ordered') {
    expectThat(!seen.isBlocked, 'a new PIN was handed out for a card that is blocked');
    return { tries: [pinTries, pinTries], isPinUnsure: false };
  }
  expectThat(seen.disturbed, `no new PIN (${seen.code ?? seen.result}), and nothing went wrong`);
  const low = card.tries[1] === 0 ? pinTries : card.tries[0];
  return { tries: seen.isBlocked ? [0, 0] : [low, pinTries], isPinUnsure: true };
}

/** [M8]: up by a right PIN alone, blocked at zero. */
function triesAfter(
  { tries: [low, high], isPinUnsure }: CardModel,
  deed: CardDeed,
  seen: Seen,
): readonly [number, number] {
  const typed = 'pin' in deed ? deed.pin : 'nothing';
  const mayBeWrong = typed === 'wrong' || (typed === 'right' && isPinUnsure);
  const asked: readonly [number, number] = [
    mayBeWrong ? Math.max(0, low - 1) : low,
    typed === 'right' ? pinTries : high,
  ];
  if (seen.isBlocked) {
    expectThat(asked[0] === 0, `blocked with ${low} PIN tries left`);
    return [0, 0];
  }
  expectThat(asked[1] > 0, 'not blocked, and no PIN try is left [M8]');
  const known = typed === 'wrong' && seen.code === 'pin-wrong' ? ([asked[0], Math.max(0, high - 1)] as const) : asked;
  expectThat(known[1] > 0, 'the last wrong PIN did not block [R16]');
  return [Math.max(1, known[0]), known[1]];
}

// ---------------------------------------------------------------------------------------------------------------------------

function expectThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new Contradiction(otherwise);
}

function same(one: Holding, other: Holding): boolean {
  return one.cents === other.cents && one.points === other.points;
}

function move({ holding }: CardModel, seen: Seen): string {
  return `the card went from ${inEuros(holding.cents)} to ${inEuros(seen.holding.cents)}`;
}
