/** From RAW to ACTIVE. Nothing here cannot be done again: same serial and keys, same card from the issuer. */
import { equalBytes, toHex } from '../protocol/codec/bytes.js';
import { askIssuer, issuerAnswer } from '../terminal/flow/issuer.js';
import { UnexpectedEvent, expected } from '../terminal/flow/machine.js';
import { refusal } from '../terminal/refusal.js';
import { base, open, refuse, setback } from './ends.js';
import type { DeskStep } from './ends.js';
import type { DeskBase, DeskEvent, DeskStateAt } from './types.js';

export function openRaw(at: DeskBase): DeskStep {
  return { state: { ...base(at), at: 'opening-raw' }, effects: [{ do: 'open-raw' }] };
}

export function rawOpened(state: DeskStateAt<'opening-raw'>, event: DeskEvent): DeskStep {
  if (event.on !== 'open-raw') return setback(state, event);
  const { serial } = event;
  const wanted = issueOf(state).serial;
  if (wanted !== undefined && !equalBytes(wanted, serial))
    return refuse(
      state,
      refusal(
        'wrong-card',
        `This raw card has the serial ${toHex(serial)}; the list has ${toHex(wanted)} for this holder.`,
        'Present the card with that serial.',
      ),
    );
  return {
    state: { ...base(state), at: 'making-keys', serial },
    effects: [{ do: 'show', notice: { notice: 'making-keys', serial } }, { do: 'generate-keys' }],
  };
}

export function keysMade(state: DeskStateAt<'making-keys'>, event: DeskEvent): DeskStep {
  if (event.on !== 'generate-keys') return setback(state, event);
  const { signPoint, agreePoint } = event;
  const { serial, context } = state;
  const { holder, replaces } = issueOf(state);
  const request = {
    deskId: context.deskId,
    serial,
    signPoint,
    agreePoint,
    holder,
    ...(replaces === undefined ? {} : { replaces }),
  };
  return { state: { ...base(state), at: 'registering', serial }, effects: [askIssuer('issueCard', request)] };
}

export function registered(state: DeskStateAt<'registering'>, event: DeskEvent): DeskStep {
  if (event.on !== 'issuer') return setback(state, event);
  const issued = issuerAnswer(event, 'issueCard');
  const { cardId, ...data } = issued;
  return {
    state: { ...base(state), at: 'storing', serial: state.serial, issued },
    effects: [
      { do: 'show', notice: { notice: 'writing', cardId } },
      { do: 'store', data },
    ],
  };
}

export function stored(state: DeskStateAt<'storing'>, event: DeskEvent): DeskStep {
  if (event.on !== 'store') return setback(state, event);
  const { serial, issued } = state;
  return {
    state: { ...base(state), at: 'making-pin', serial, issued },
    effects: [{ do: 'make-pin', cardId: issued.cardId }],
  };
}

export function pinMade(state: DeskStateAt<'making-pin'>, event: DeskEvent): DeskStep {
  expected(state.at, event, 'make-pin');
  return { state: { ...state, at: 'storing-pin' }, effects: [{ do: 'store-pin' }] };
}

/** The note comes before ACTIVATE: afterwards the card shows its serial no more. */
export function pinStored(state: DeskStateAt<'storing-pin'>, event: DeskEvent): DeskStep {
  if (event.on !== 'store-pin') return setback(state, event);
  const { serial, issued } = state;
  const { holder } = issueOf(state);
  return {
    state: { ...base(state), at: 'noting', issued },
    effects: [{ do: 'note-issue', note: { serial, cardId: issued.cardId, holder } }],
  };
}

export function noted(state: DeskStateAt<'noting'>, event: DeskEvent): DeskStep {
  expected(state.at, event, 'note-issue');
  return { state: { ...state, at: 'activating' }, effects: [{ do: 'activate' }] };
}

export function activated(state: DeskStateAt<'activating'>, event: DeskEvent): DeskStep {
  return event.on === 'activate' ? open(state, state.issued) : setback(state, event);
}

function issueOf({
  task,
  at,
}: DeskBase & { readonly at: string }): Extract<DeskBase['task'], { readonly task: 'issue' }> {
  if (task.task !== 'issue') throw new UnexpectedEvent(at, task.task);
  return task;
}
