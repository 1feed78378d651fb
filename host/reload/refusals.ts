/** What a kiosk tells a holder when a load does not come about. */
import type { LoadRefusal } from '../protocol/issuer/port.js';
import { nothingToGiveUp, refusal } from '../terminal/refusal.js';
import type { Refusal } from '../terminal/refusal.js';

export const stillPending: Refusal = refusal(
  'load-unresolved',
  'The bank has not answered yet; the card keeps the load.',
  'Come back to any kiosk later: the load is finished then, without the PIN, or given up with ./epurse reload cancel.',
);

export const otherLoadPending: Refusal = refusal(
  'load-pending',
  'Another load of this card waits for the bank.',
  'Wait for it, or give it up with ./epurse reload cancel.',
);

export const noLoadPending: Refusal = refusal('no-load-pending', 'No load of this card is waiting.', nothingToGiveUp);

export const creditLost: Refusal = refusal(
  'load-unresolved',
  'The card’s answer was lost; the amount may be on the card or not.',
  'Present the card again at any kiosk: it is credited once, never twice.',
);

export const authorisationLost: Refusal = refusal(
  'load-unresolved',
  'The issuer’s answer was lost; the bank may have been asked.',
  'Present the card again at any kiosk: the load is finished or given up there.',
);

export const creditUnproven: Refusal = refusal(
  'proof-invalid',
  'The card’s signature over the load does not hold.',
  'Keep the receipt of the bank and take the card to the desk.',
);

export function issuerUnreachable(message: string): Refusal {
  return refusal('issuer-unreachable', message, 'Try again later; the card keeps what was begun.');
}

export function loadRefused(code: LoadRefusal, message: string): Refusal {
  return refusal('load-refused', message, advice(code));
}

function advice(code: LoadRefusal): string {
  switch (code) {
    case 'funding-declined':
      return 'Ask your bank, or take a smaller amount.';
    case 'card-listed':
    case 'statement-rejected':
      return 'Take the card to the desk.';
    case 'card-limit':
    case 'holder-limit':
      return 'Take a smaller amount, or wait until tomorrow.';
    case 'no-account':
      return 'Register an account at the desk.';
    case 'load-cancelled':
      return 'Begin a new load.';
  }
}
