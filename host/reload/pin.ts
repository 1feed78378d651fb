/** The holder's PIN: for a load, for the balance, and to change it. The card checks it; the shell keeps it. */
import type { Seconds } from '../protocol/codec/time.js';
import { UnexpectedEvent, expected } from '../terminal/flow/machine.js';
import { pinTriesLeft } from '../terminal/flow/card.js';
import { cardRefusal, refusal } from '../terminal/refusal.js';
import { base, finish, lost, refuse } from './ends.js';
import type { ReloadStep } from './ends.js';
import { collect, perform } from './sync.js';
import type { ReloadBase, ReloadEvent, ReloadStateAt, Visit } from './types.js';

const noPin = refusal('pin-not-given', 'This needs the PIN, and none was given.', 'Call again with the PIN.');

export function askPin(at: ReloadBase, visit: Visit, triesLeft = visit.s1.pinTries): ReloadStep {
  return { state: { ...base(at), at: 'asking-pin', visit }, effects: [{ do: 'ask-pin', triesLeft }] };
}

export function pinAsked(state: ReloadStateAt<'asking-pin'>, event: ReloadEvent): ReloadStep {
  if (!expected(state.at, event, 'ask-pin').given) return refuse(state, noPin);
  return { state: { ...state, at: 'verifying-pin' }, effects: [{ do: 'verify-pin' }] };
}

export function pinVerified(state: ReloadStateAt<'verifying-pin'>, event: ReloadEvent, now: Seconds): ReloadStep {
  const { visit, synchronised } = state;
  switch (event.on) {
    case 'verify-pin':
      return synchronised ? perform(state, visit, now) : collect(state, visit);
    case 'refused': {
      const triesLeft = pinTriesLeft(event);
      return triesLeft === undefined || triesLeft === 0
        ? refuse(state, cardRefusal(event))
        : askPin(state, visit, triesLeft);
    }
    case 'lost':
      return lost(state);
    default:
      throw new UnexpectedEvent(state.at, event.on);
  }
}

export function askPinChange(at: ReloadBase, visit: Visit, triesLeft: number): ReloadStep {
  return { state: { ...base(at), at: 'asking-pin-change', visit }, effects: [{ do: 'ask-pin-change', triesLeft }] };
}

export function pinChangeAsked(state: ReloadStateAt<'asking-pin-change'>, event: ReloadEvent): ReloadStep {
  if (!expected(state.at, event, 'ask-pin-change').given) return refuse(state, noPin);
  return { state: { ...state, at: 'changing-pin' }, effects: [{ do: 'change-pin' }] };
}

export function pinChanged(state: ReloadStateAt<'changing-pin'>, event: ReloadEvent): ReloadStep {
  switch (event.on) {
    case 'change-pin':
      return finish(state, { result: 'pin-changed' });
    case 'refused': {
      const triesLeft = pinTriesLeft(event);
      return triesLeft === undefined || triesLeft === 0
        ? refuse(state, cardRefusal(event))
        : askPinChange(state, state.visit, triesLeft);
    }
    case 'lost':
      return refuse(
        state,
        refusal(
          'card-lost',
          'The card’s answer was lost: the old PIN or the new one is the right one now.',
          'Present the card again and try the new PIN first.',
        ),
      );
    default:
      throw new UnexpectedEvent(state.at, event.on);
  }
}
