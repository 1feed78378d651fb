/** When a card has had its time (R8). */
import type { Seconds } from '../../protocol/codec/time.js';
import type { OpeningAnswer } from '../../protocol/session/opening-answer.js';
import type { KnownCard } from './card.js';

/** By the date that the card keeps, or by the terminal's clock. */
export function isExpired(
  { card, s1 }: { readonly card: KnownCard; readonly s1: OpeningAnswer },
  now: Seconds,
): boolean {
  return s1.expired || now >= card.expiry;
}
