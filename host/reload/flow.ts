/**
 * The kiosk's flow as a pure step machine. A kiosk holds nothing that can mint: it carries statements to the issuer and
 * authorisations to the card, and both bear repeating. So a visit starts with whatever an earlier one left unfinished.
 */
import type { Seconds } from '../protocol/codec/time.js';
import { UnexpectedEvent, expected } from '../terminal/flow/machine.js';
import { cardRefusal, unfitCard } from '../terminal/refusal.js';
import { blockReported, blocked } from './block.js';
import { lost, open, refuse, told } from './ends.js';
import type { ReloadStep } from './ends.js';
import { authorised, initialised, noted } from './load.js';
import { pinAsked, pinChangeAsked, pinChanged, pinVerified } from './pin.js';
import { cancelReported, cancelled, creditReported, credited, endReported, forgotten } from './settle.js';
import { cancelsRead, orderPut, recordsRead, sealed, totalsRead, uploaded } from './sync.js';
import type { ReloadContext, ReloadEvent, ReloadState, ReloadStateAt, ReloadTask } from './types.js';
import { consulted, reconciled } from './visit.js';

export function begin(context: ReloadContext, task: ReloadTask): ReloadStep {
  return open({ context, task, synchronised: false });
}

export function step(state: ReloadState, event: ReloadEvent, now: Seconds): ReloadStep {
  switch (state.at) {
    case 'opening':
      return opened(state, event);
    case 'consulting':
      return consulted(state, event, now);
    case 'blocking':
      return blocked(state, event);
    case 'reporting-block':
      return blockReported(state, event);
    case 'reconciling':
      return reconciled(state, event, now);
    case 'crediting':
      return credited(state, event);
    case 'reporting-credit':
      return creditReported(state, event, now);
    case 'cancelling':
      return cancelled(state, event);
    case 'reporting-cancel':
      return cancelReported(state, event, now);
    case 'reporting-end':
      return endReported(state, event, now);
    case 'forgetting':
      return forgotten(state, event, now);
    case 'asking-pin':
      return pinAsked(state, event);
    case 'verifying-pin':
      return pinVerified(state, event, now);
    case 'asking-pin-change':
      return pinChangeAsked(state, event);
    case 'changing-pin':
      return pinChanged(state, event);
    case 'reading-totals':
      return totalsRead(state, event);
    case 'reading-records':
      return recordsRead(state, event);
    case 'reading-cancels':
      return cancelsRead(state, event);
    case 'sealing':
      return sealed(state, event);
    case 'uploading':
      return uploaded(state, event, now);
    case 'ordering':
      return orderPut(state, event, now);
    case 'initialising':
      return initialised(state, event);
    case 'noting':
      return noted(state, event);
    case 'authorising':
      return authorised(state, event);
    case 'telling':
      expected(state.at, event, 'forget-load');
      return told(state, state.outcome);
    case 'finished':
      throw new UnexpectedEvent(state.at, event.on);
  }
}

function opened(state: ReloadStateAt<'opening'>, event: ReloadEvent): ReloadStep {
  switch (event.on) {
    case 'open': {
      const { card, s1 } = event;
      return { state: { ...state, at: 'consulting', card, s1 }, effects: [{ do: 'consult', cardId: card.cardId }] };
    }
    case 'unfit':
      return refuse(state, unfitCard(event.why, event.message));
    case 'refused':
      return refuse(state, cardRefusal(event));
    case 'lost':
      return lost(state);
    default:
      throw new UnexpectedEvent(state.at, event.on);
  }
}
