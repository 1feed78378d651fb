/** What may become of a card at the kiosk. Pure. */
import { LoadType } from '../../../host/protocol/generated/enums.js';
import { at, difference, inWords, isNothing, plus, same, sumOf } from './amounts.js';
import type { Amount } from './amounts.js';
import { pointsSlot } from '../../helpers/personalize.js';
import { standingAt } from './lists.js';
import { goneOn } from './pos.js';
import { Contradiction, expectThat, move } from './state.js';
import type { CardModel, Model, Seen } from './state.js';
import type { CardDeed, Deed } from './steps.js';

export type AtKiosk = Extract<Deed, { readonly do: 'load' | 'give-up' | 'balance' }>;

export function isAtKiosk(deed: CardDeed): deed is AtKiosk {
  return deed.do === 'load' || deed.do === 'give-up' || deed.do === 'balance';
}

/** @throws Contradiction @returns the card afterwards, but for what every deed changes alike */
export function atKiosk(model: Model, card: CardModel, deed: AtKiosk, seen: Seen): CardModel {
  const moved = difference(seen.holding, card.holding);
  const isMoved = !isNothing(moved);
  const wanted = wantedBy(deed);
  const ways = waysOf(card.pending, wanted, seen.result === 'loaded').filter((done) => same(sumOf(done), moved));
  const [done] = ways;
  if (done === undefined)
    throw new Contradiction(
      `${move(card, seen)} at a kiosk that was asked for ${words(wanted)}; pending was ${card.pending.map(inWords).join(' or ') || 'nothing'} [M3]`,
    );
  expectThat(moved[pointsSlot] === 0, 'points came or went at a kiosk');
  expectRoom(model, seen, done);
  expectThat(!isMoved || standingAt(model, deed) !== 'yes', 'money moved at a kiosk that had the card on its list');
  const isDone = wanted !== undefined && done.includes(wanted);
  if (seen.result === 'loaded' && !seen.recovered) expectThat(isDone, `"loaded", and ${move(card, seen)}`);
  if (seen.result === 'refused' && card.pending.length === 0)
    expectThat(!isMoved, `"refused", and ${move(card, seen)} [M4]`);
  const needsPin = wanted !== undefined && ways.every((way) => way.includes(wanted));
  expectThat(!needsPin || deed.pin === 'right', 'a load without the PIN');
  return {
    ...card,
    last: isMoved ? undefined : card.last,
    unsettled: isMoved ? goneOn(card.unsettled) : card.unsettled,
    loaded: done.reduce((sum, { slot, amount }) => plus(sum, { slot, amount: Math.max(amount, 0) }), card.loaded),
    unloaded: done.reduce((sum, { slot, amount }) => plus(sum, { slot, amount: -Math.min(amount, 0) }), card.unloaded),
    isUnheard: seen.disturbed ? card.isUnheard || isMoved : card.isUnheard && seen.result === 'refused',
    pending: pendingAfter(card.pending, { wanted, isMoved, isDone }, seen),
  };
}

function wantedBy(deed: AtKiosk): Amount | undefined {
  if (deed.do !== 'load') return undefined;
  return { slot: deed.slot, amount: deed.type === LoadType.load ? deed.amount : -deed.amount };
}

/** A visit may end a load that was pending, and then do what it was asked for: the likeliest first. */
function waysOf(pending: readonly Amount[], wanted: Amount | undefined, isSaidDone: boolean): readonly Amount[][] {
  const without = [[], ...pending.map((left) => [left])];
  const withIt = wanted === undefined ? [] : [[wanted], ...pending.map((left) => [left, wanted])];
  return isSaidDone ? [...withIt, ...without] : [[], ...withIt, ...without];
}

function expectRoom(model: Model, { holding }: Seen, done: readonly Amount[]): void {
  for (const { slot, amount } of done) {
    const balance = at(holding, slot);
    const most = model.rules.slots[slot]?.maxBalance ?? 0;
    expectThat(balance >= 0 && (amount <= 0 || balance <= most), `a balance of ${inWords({ slot, amount: balance })}`);
  }
}

interface AtRegister {
  readonly wanted: Amount | undefined;
  readonly isMoved: boolean;
  readonly isDone: boolean;
}

/** What may still be credited later. */
function pendingAfter(
  pending: readonly Amount[],
  { wanted, isMoved, isDone }: AtRegister,
  seen: Seen,
): readonly Amount[] {
  if (isDone) return [];
  const isUnsure = seen.result === 'unresolved' || seen.disturbed;
  const begun = wanted !== undefined && isUnsure ? [wanted] : [];
  const isLeft = !isMoved && (seen.result === 'refused' || isUnsure);
  if (!isLeft) return begun;
  return [...pending.filter((left) => !begun.some((one) => same(sumOf([one]), sumOf([left])))), ...begun];
}

function words(wanted: Amount | undefined): string {
  return wanted === undefined ? 'nothing' : inWords(wanted);
}
