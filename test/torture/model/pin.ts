/** The PIN in the model: how many tries are left, and when a card is blocked. Pure. */
import { pinTries } from '../../../host/protocol/generated/parameters.js';
import { expectThat } from './state.js';
import type { CardModel, Seen } from './state.js';
import type { CardDeed } from './steps.js';

/** The one order that gives back a card which its PIN blocked, and the only state between: blocked, until the order is repeated [M5]. */
export function pinAfterReset(
  card: CardModel,
  seen: Seen,
  isReported: boolean,
): Pick<CardModel, 'tries' | 'isPinUnsure'> {
  if (card.isRetired) return card;
  if (seen.result === 'ordered') {
    expectThat(!isReported, 'a new PIN was handed out for a card that is reported stolen');
    expectThat(seen.isBlocked === seen.isOrderedBlocked, 'a new PIN was handed out for a card that is blocked');
    return { tries: [pinTries, pinTries], isPinUnsure: false };
  }
  expectThat(seen.disturbed || isReported, `no new PIN (${seen.code ?? seen.result}), and nothing went wrong`);
  if (!seen.disturbed) return card;
  const low = card.tries[1] === 0 ? pinTries : card.tries[0];
  if (seen.isOrderedBlocked) return { tries: [0, pinTries], isPinUnsure: true };
  return { tries: seen.isBlocked ? [0, 0] : [low, pinTries], isPinUnsure: true };
}

/** [M8]: up by a right PIN alone, blocked at zero. A card that took a block order does not say whether its PIN would block it, too. */
export function triesAfter(
  { tries, isPinUnsure, isOrderedBlocked }: CardModel,
  deed: CardDeed,
  seen: Seen,
): readonly [number, number] {
  const [low, high] = tries;
  const typed = 'pin' in deed ? deed.pin : 'nothing';
  const mayBeWrong = typed === 'wrong' || (typed === 'right' && isPinUnsure);
  const asked: readonly [number, number] = [
    mayBeWrong ? Math.max(0, low - 1) : low,
    typed === 'right' ? pinTries : high,
  ];
  if (seen.isRetired) return tries;
  if (seen.isOrderedBlocked) return isOrderedBlocked ? tries : asked;
  if (seen.isBlocked) {
    expectThat(asked[0] === 0, `blocked with ${low} PIN tries left`);
    return [0, 0];
  }
  expectThat(asked[1] > 0, 'not blocked, and no PIN try is left [M8]');
  const known = typed === 'wrong' && seen.code === 'pin-wrong' ? ([asked[0], Math.max(0, high - 1)] as const) : asked;
  expectThat(known[1] > 0, 'the last wrong PIN did not block [R16]');
  return [Math.max(1, known[0]), known[1]];
}
