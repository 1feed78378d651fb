/**
 * The scheme as a lecturer would draw it on a board: what each card holds, what may become of it, what merchants are owed. Pure. It
 * says after each step what the card may now hold and whether the terminal told its people the truth; what was left open by
 * a fault it takes from the card, once, and holds everybody to it from then on.
 */
import { same } from './amounts.js';
import { atKiosk, isAtKiosk } from './kiosk.js';
import { fetchedAtKiosk, followBlocking, lost, replaced, takeBack } from './lists.js';
import { pinAfterReset, triesAfter } from './pin.js';
import { atPos } from './pos.js';
import { expectThat, freshCard, isExpired, move } from './state.js';
import type { CardModel, Model, Seen } from './state.js';
import type { CardDeed } from './steps.js';

/** @throws Contradiction */
export function follow(model: Model, deed: CardDeed, seen: Seen): void {
  const card = model.cards[deed.card];
  if (card === undefined) throw new RangeError('no such card');
  const isReported = model.lists.issuer[deed.card] !== 'no';
  if (deed.do === 'found') takeBack(model, deed.card);
  if (isAtKiosk(deed)) fetchedAtKiosk(model, seen.disturbed);
  followRetirement(card, deed, seen);
  followExpiry(model, card, seen);
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

/** [R8] [M9]: to the minute. */
function followExpiry(model: Model, card: CardModel, seen: Seen): void {
  const isOver = isExpired(model, card);
  expectThat(!isOver || same(card.holding, seen.holding), `an expired card moved money: ${move(card, seen)}`);
  expectThat(isOver || seen.code !== 'card-expired', 'called expired before its time');
}

/** The issuer has the closing statement; the holder gets another card, with nothing on it. */
export function replace(model: Model, card: number): void {
  const { [card]: old } = model.cards;
  if (old === undefined) throw new RangeError('no such card');
  model.retired.push(old);
  model.cards[card] = freshCard(old.open.length, model.now);
  for (const [number, { heir }] of model.cards.entries())
    if (heir === card) model.cards[number] = { ...(model.cards[number] ?? old), heir: undefined };
  replaced(model, card);
}

/** The old one goes on under another number; what it holds will be its holder's once merchants have had their time. */
export function lose(model: Model, card: number): void {
  const { [card]: old } = model.cards;
  if (old === undefined) throw new RangeError('no such card');
  model.cards.push({ ...old, heir: card });
  model.cards[card] = freshCard(old.open.length, model.now);
  lost(model, card);
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
