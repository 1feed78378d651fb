/** S1 of a card in good order, for flows and proofs that need no card. */
import { money } from '../../host/protocol/codec/money.js';
import type { OpeningAnswer } from '../../host/protocol/session/opening-answer.js';
import { euro, startTime } from './scheme.js';

/** @param changes what is special about the card; 50.00 EUR, no load, five tries without */
export function openingAnswer(cardId: Uint8Array, changes: Partial<OpeningAnswer> = {}): OpeningAnswer {
  return {
    cardId,
    blocked: false,
    expired: false,
    retired: false,
    logFull: false,
    pinTries: 5,
    date: startTime,
    nt: 3,
    slot: 0,
    balance: money(50_00n, euro),
    parametersVersion: 1,
    headroom: { transaction: money(40_00n, euro), withoutPin: money(20_00n, euro), offline: money(100_00n, euro) },
    load: undefined,
    newest: undefined,
    ...changes,
  };
}
