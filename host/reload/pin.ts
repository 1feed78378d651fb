/** The holder's PIN: for a load, for the balance, and to change it. The card checks it; the shell keeps it. */
import type { Seconds } from '../protocol/codec/time.js';
import { UnexpectedEvent, expected } from '../terminal/flow/machine.js';
import { pinTriesLeft } from '../terminal/flow/card.js';
import { cardRefusal, refusal } from '../terminal/refusal.js';
import type { Refusal } from '../terminal/refusal.js';
import { base, finish, lost, refuse } from './ends.js';
import type { ReloadStep } from './ends.js';
import { collect, perform } from './sync.js';
import type { ReloadBase, ReloadEvent, ReloadStateAt, Visit } from './types.js';

const noPin = refusal(
  'pin-not-given',
  'This needs the PIN, and none was given.',
  'Present the card again, and give its PIN: typed, or in a file (--pin-file).',
);

/**
 * A key switch ends the session, and with it what the card knows of the PIN: the holder, who typed it in this visit, need not do so twice.
 *
 * @param wrong what the card said of the PIN before
 */
export function askPin(at: ReloadBase, visit: Visit, triesLeft = visit.s1.pinTries, wrong?: Refusal): ReloadStep {
  if (at.synchronised && wrong === undefined) return verifyPin(at, visit);
  return {
    state: { ...base(at), at: 'asking-pin', visit, ...(wrong === undefined ? {} : { wrong }) },
    effects: [{ do: 'ask-pin', triesLeft }],
  };
}

export function pinAsked(state: ReloadStateAt<'asking-pin'>, event: ReloadEvent): ReloadStep {
  const { visit, wrong = noPin } = state;
  if (!expected(state.at, event, 'ask-pin').given) return refuse(state, wrong);
  return verifyPin(state, visit);
}

function verifyPin(at: ReloadBase, visit: Visit): ReloadStep {
  return { state: { ...base(at), at: 'verifying-pin', visit }, effects: [{ do: 'verify-pin' }] };
}

export function pinVerified(state: ReloadStateAt<'verifying-pin'>, event: ReloadEvent, now: Seconds): ReloadStep {
  const { visit, synchronised } = state;
  switch (event.on) {
    case 'verify-pin':
      return synchronised ? perform(state, visit, now) : collect(state, visit);
    case 'refused':
      return afterWrong(state, event, (triesLeft, wrong) => askPin(state, visit, triesLeft, wrong));
    case 'lost':
      return lost(state);
    default:
      throw new UnexpectedEvent(state.at, event.on);
  }
}

export function askPinChange(at: ReloadBase, visit: Visit, triesLeft: number, wrong?: Refusal): ReloadStep {
  return {
    state: { ...base(at), at: 'asking-pin-change', visit, ...(wrong === undefined ? {} : { wrong }) },
    effects: [{ do: 'ask-pin-change', triesLeft }],
  };
}

export function pinChangeAsked(state: ReloadStateAt<'asking-pin-change'>, event: ReloadEvent): ReloadStep {
  const { visit, wrong = noPin } = state;
  if (!expected(state.at, event, 'ask-pin-change').given) return refuse(state, wrong);
  return { state: { ...base(state), at: 'changing-pin', visit }, effects: [{ do: 'change-pin' }] };
}

const changeLost = refusal(
  'card-lost',
  'The card’s answer was lost: the old PIN or the new one is the right one now.',
  'Present the card again and try the new PIN first.',
);

export function pinChanged(state: ReloadStateAt<'changing-pin'>, event: ReloadEvent): ReloadStep {
  switch (event.on) {
    case 'change-pin':
      return finish(state, { result: 'pin-changed' });
    case 'refused':
      return afterWrong(state, event, (triesLeft, wrong) => askPinChange(state, state.visit, triesLeft, wrong));
    case 'lost':
      return refuse(state, changeLost);
    default:
      throw new UnexpectedEvent(state.at, event.on);
  }
}

/** A wrong PIN is asked for again while tries are left; any other no ends the visit. */
function afterWrong(
  at: ReloadBase,
  event: Extract<ReloadEvent, { readonly on: 'refused' }>,
  again: (triesLeft: number, wrong: Refusal) => ReloadStep,
): ReloadStep {
  const triesLeft = pinTriesLeft(event);
  const wrong = cardRefusal(event);
  return triesLeft === undefined || triesLeft === 0 ? refuse(at, wrong) : again(triesLeft, wrong);
}
