/** What a terminal could not do, as data: code, sentence, advice. Flows end with one; the command line makes a Failure of it. */
import { Reason } from '../protocol/generated/enums.js';
import { refusalSentence, reasonName, statusName } from '../protocol/status.js';
import type { IssuerErrorCode } from '../protocol/issuer/port.js';
import type { UnfitCard } from './flow/card.js';
import { pinTriesLeft } from './flow/card.js';
import { Failure } from './outcome.js';
import type { FailureCode, MoneyMoved } from './outcome.js';

export interface Refusal {
  readonly code: FailureCode;
  /** One sentence: what happened. */
  readonly message: string;
  /** What to do next: nobody is left standing before a terminal that says no. */
  readonly next: string;
  readonly moneyMoved?: MoneyMoved;
}

export function refusal(code: FailureCode, message: string, next: string): Refusal {
  return { code, message, next };
}

export function asFailureOf({ code, message, next, moneyMoved }: Refusal): Failure {
  return new Failure(code, message, { next, ...(moneyMoved === undefined ? {} : { moneyMoved }) });
}

const desk = 'Take the card to the desk.';
const kiosk = 'Synchronise the card at a kiosk: a load, or the balance with PIN.';

const again = 'Present the card once more; where it says the same, take it to the desk.';

export const nothingToGiveUp =
  'There is nothing to give up: the balance shows what the card holds, and a new load can begin.';

/** The card's own no, in this house's words. */
export function cardRefusal(refused: { readonly sw: number; readonly reason: number }): Refusal {
  const { sw, reason } = refused;
  const said = refusalSentence(sw, reason);
  const tries = pinTriesLeft(refused);
  if (tries === 0) return refusal('pin-blocked', 'The PIN was wrong too often: the card is blocked.', desk);
  if (tries !== undefined) return refusal('pin-wrong', said, 'Enter the right PIN.');
  switch (reasonName(reason)) {
    case 'balance':
      return refusal('balance-too-small', said, 'Take a smaller amount, or reload the card.');
    case 'maxBalance':
      return refusal('balance-too-large', said, 'Load a smaller amount.');
    case 'unit':
      return refusal('unit-not-granted', said, 'Take another currency: a terminal takes those of its certificate.');
    case 'terminalLimit':
    case 'transactionLimit':
      return refusal('over-transaction-limit', said, 'Take a smaller amount.');
    case 'offlineAmount':
    case 'offlineCount':
      return refusal('over-offline-limit', said, kiosk);
    case 'logFull':
      return refusal('log-full', said, kiosk);
    case 'cancelLimit':
      return refusal('cancel-limit', said, 'Give the money back another way, or let the holder synchronise the card.');
    case 'notLast':
      return refusal(
        'nothing-to-cancel',
        said,
        'Only the newest transaction of a card can be cancelled, at the terminal that made it.',
      );
    case 'loadPending':
      return refusal('load-pending', said, 'Finish or cancel that load first.');
    case 'noLoad':
      return refusal('no-load-pending', said, nothingToGiveUp);
    case 'cardExpired':
      return refusal('card-expired', said, desk);
    case 'terminalExpired':
      return refusal('terminal-expired', said, 'The terminal needs a new certificate: ./epurse scheme renew');
    case 'lifeCycle':
    case 'role':
    case 'fullSession':
    case 'amount':
    case 'pinRequired':
    case 'counter':
    case 'stale':
    case 'signature':
    case 'key':
    case 'missing':
    case 'format':
    case 'none':
      return statusName(sw) === 'blocked' ? refusal('card-blocked', said, desk) : refusal('card-refused', said, again);
  }
}

/** Is this refusal the card asking for the PIN? */
export function wantsPin(refused: { readonly sw: number; readonly reason: number }): boolean {
  return refused.reason === Reason.pinRequired;
}

/** A card with which no session was opened. */
export function unfitCard(why: UnfitCard, message: string): Refusal {
  switch (why) {
    case 'no-purse':
      return refusal('card-unfit', message, 'Present a purse card.');
    case 'foreign-scheme':
      return refusal('card-foreign', message, 'Present a card of this scheme.');
    case 'raw':
      return refusal('card-raw', message, './epurse personalize makes it somebody’s purse.');
    case 'not-raw':
      return refusal('card-not-raw', message, 'Present a card that is not yet personalized.');
    case 'other-batch':
      return refusal('card-foreign', message, 'Present a raw card of this home.');
    case 'blocked':
      return refusal('card-blocked', message, desk);
    case 'retired':
      return refusal('card-retired', message, 'The issuer pays out what it held; the desk makes a new card.');
    case 'expired':
      return refusal('card-expired', message, desk);
    case 'certificate':
      return refusal('card-unfit', message, 'Do not accept this card.');
    case 'other-card':
      return refusal('wrong-card', message, 'Present the card that was asked for.');
  }
}

/** The issuer could not be asked, or said no, before anything moved. */
export function issuerRefusal({
  code,
  message,
}: {
  readonly code: IssuerErrorCode;
  readonly message: string;
}): Refusal {
  switch (code) {
    case 'unreachable':
      return refusal(
        'issuer-unreachable',
        message,
        'Try again when the issuer can be reached; the card keeps what was begun.',
      );
    case 'busy':
      return refusal('store-busy', message, 'Try again when the other program has ended.');
    case 'internal':
      return refusal('issuer-unreachable', message, 'The issuer has a defect; try again later.');
    case 'unknown-terminal':
      return refusal(
        'issuer-refused',
        message,
        'Asking again gets the same answer: call the operator of this terminal.',
      );
    case 'unknown-card':
    case 'conflict':
    case 'rejected':
      return refusal('issuer-refused', message, 'Take the card to the desk; asking again gets the same answer.');
  }
}

/** The link to the card broke before anything was ordered. */
export const cardLost: Refusal = refusal(
  'card-lost',
  'The card did not answer, or was taken away too early.',
  'Present the card again.',
);
