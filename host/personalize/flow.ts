/**
 * The desk's flows as pure step machines: a raw card becomes somebody's purse; an issuer order reaches a card. Every step may be
 * cut: a raw card starts anew and gets the same keys and id, an activated one is read back, an order is asked for again.
 */
import { UnexpectedEvent, expected } from '../terminal/flow/machine.js';
import { refusal } from '../terminal/refusal.js';
import { finish, forget, open, refuse, setback } from './ends.js';
import type { DeskStep } from './ends.js';
import { activated, keysMade, noted, pinMade, pinStored, rawOpened, registered, openRaw, stored } from './issue.js';
import { newPinMade, orderMade, orderPut, orderReported, orderSealed, prove, proved } from './order.js';
import { readBack, reported, resetPin, sealed, totalsRead } from './read-back.js';
import type { DeskContext, DeskEvent, DeskState, DeskStateAt, DeskTask } from './types.js';

export function begin(context: DeskContext, task: DeskTask): DeskStep {
  return { state: { at: 'looking', context, task }, effects: [{ do: 'look' }] };
}

export function step(state: DeskState, event: DeskEvent): DeskStep {
  switch (state.at) {
    case 'looking':
      return looked(state, event);
    case 'opening-raw':
      return rawOpened(state, event);
    case 'making-keys':
      return keysMade(state, event);
    case 'registering':
      return registered(state, event);
    case 'storing':
      return stored(state, event);
    case 'making-pin':
      return pinMade(state, event);
    case 'storing-pin':
      return pinStored(state, event);
    case 'noting':
      return noted(state, event);
    case 'activating':
      return activated(state, event);
    case 'opening':
      return opened(state, event);
    case 'finding':
      return found(state, event);
    case 'reading-back':
      return totalsRead(state, event);
    case 'sealing':
      return sealed(state, event);
    case 'reporting':
      return reported(state, event);
    case 'proving':
      return proved(state, event);
    case 'asking-order':
      return orderMade(state, event);
    case 'making-new-pin':
      return newPinMade(state, event);
    case 'ordering':
      return orderPut(state, event);
    case 'sealing-order':
      return orderSealed(state, event);
    case 'reporting-order':
      return orderReported(state, event);
    case 'handing-out':
      expected(state.at, event, 'hand-out');
      return forget(state, state.visit, state.outcome);
    case 'forgetting':
      expected(state.at, event, 'forget-issue');
      return finish(state, state.outcome);
    case 'finished':
      throw new UnexpectedEvent(state.at, event.on);
  }
}

function looked(state: DeskStateAt<'looking'>, event: DeskEvent): DeskStep {
  if (event.on !== 'look') return setback(state, event);
  if (state.task.task === 'issue') return event.raw ? openRaw(state) : open(state, undefined);
  const raw = refusal(
    'card-raw',
    'The card is not personalized yet.',
    './epurse personalize makes it somebody’s purse.',
  );
  return event.raw ? refuse(state, raw) : open(state, undefined);
}

function opened(state: DeskStateAt<'opening'>, event: DeskEvent): DeskStep {
  if (event.on !== 'open') return setback(state, event);
  const visit = { card: event.card, s1: event.s1 };
  const { task, issued } = state;
  if (task.task === 'order') return prove(state, visit);
  if (issued !== undefined) return readBack(state, visit, { holder: task.holder, pinKnown: true, issued });
  return {
    state: { context: state.context, task, at: 'finding', visit },
    effects: [{ do: 'find-issue', cardId: visit.card.cardId }],
  };
}

/** A card that is not raw: one whose issue was cut short here, or somebody's purse. */
function found(state: DeskStateAt<'finding'>, event: DeskEvent): DeskStep {
  const { note, pinKnown } = expected(state.at, event, 'find-issue');
  if (note === undefined) {
    return refuse(
      state,
      refusal('card-not-raw', 'The card is somebody’s purse already.', 'Present a card that is not yet personalized.'),
    );
  }
  const { visit } = state;
  // blocked by a PIN reset that was cut: it was read back before
  const resumed = visit.s1.blocked ? resetPin(state, visit) : readBack(state, visit, { holder: note.holder, pinKnown });
  return { state: resumed.state, effects: [{ do: 'show', notice: { notice: 'resuming', note } }, ...resumed.effects] };
}
