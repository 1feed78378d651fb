/**
 * The POS flow as a pure step machine: what a terminal does with one card, from the opening answer (S1) to the receipt.
 *
 * Order of things: an open entry for this card is resolved before anything else; then the hot list; then the payment,
 * written to the journal before it is sent (EN 1546: S1, S2, S3). Silence, or a status word in clear, never closes an entry.
 */
import type { Seconds } from '../protocol/codec/time.js';
import { UnexpectedEvent, expected } from '../terminal/flow/machine.js';
import { cardLost, cardRefusal, unfitCard } from '../terminal/refusal.js';
import { admit } from './admission.js';
import { blockForgotten, blockKept, blockReported, blocked } from './block.js';
import { refuse, told } from './ends.js';
import type { PosStep } from './ends.js';
import { closing, fetched, ordered, pinAsked, pinVerified, placing, signed } from './order.js';
import { choice, issuerAnswered, openEntry, proved, settled, untoldEntry } from './resolve.js';
import type { PosContext, PosEvent, PosState, PosStateAt, PosTask, Visit } from './types.js';

/** Begins with SELECT and OPEN. A cancel needs a full session. */
export function begin(context: PosContext, wanted: PosTask): PosStep {
  return {
    state: { at: 'opening', context, task: wanted },
    effects: [{ do: 'open', slot: wanted.slot, full: wanted.task === 'cancel' }],
  };
}

export function step(state: PosState, event: PosEvent, now: Seconds): PosStep {
  switch (state.at) {
    case 'opening':
      return opened(state, event);
    case 'consulting':
      return consulted(state, event, now);
    case 'proving':
      return proved(state, event, now);
    case 'asking-issuer':
      return issuerAnswered(state, event, now);
    case 'settling':
      return settled(state, event, now);
    case 'choosing':
      return choice(state, event, now);
    case 'dismissing':
      expected(state.at, event, 'journal');
      return admit(state, state.visit, now);
    case 'blocking':
      return blocked(state, event);
    case 'keeping-block':
      return blockKept(state, event);
    case 'reporting-block':
      return blockReported(state, event);
    case 'forgetting-block':
      return blockForgotten(state, event);
    case 'asking-pin':
      return pinAsked(state, event);
    case 'verifying-pin':
      return pinVerified(state, event, now);
    case 'signing':
      return signed(state, event);
    case 'placing':
      return placing(state, event);
    case 'ordered':
      return ordered(state, event, now);
    case 'fetching':
      return fetched(state, event, now);
    case 'closing':
      return closing(state, event);
    case 'telling':
      expected(state.at, event, 'journal');
      return told(state, state.outcome);
    case 'finished':
      throw new UnexpectedEvent(state.at, event.on);
  }
}

function opened(state: PosStateAt<'opening'>, event: PosEvent): PosStep {
  switch (event.on) {
    case 'open': {
      const { card, s1, full } = event;
      return {
        state: { ...state, at: 'consulting', card, s1, full },
        effects: [{ do: 'consult', cardId: card.cardId, newestTn: s1.newest?.tn }],
      };
    }
    case 'unfit':
      return refuse(state, unfitCard(event.why, event.message));
    case 'refused':
      return refuse(state, cardRefusal(event));
    case 'lost':
      return refuse(state, cardLost);
    default:
      throw new UnexpectedEvent(state.at, event.on);
  }
}

function consulted(state: PosStateAt<'consulting'>, event: PosEvent, now: Seconds): PosStep {
  const { on: _, ...facts } = expected(state.at, event, 'consult');
  const { card, s1, full, context, task: wanted } = state;
  const visit: Visit = { card, s1, full, facts };
  const at = { context, task: wanted };
  if (facts.open !== undefined) return openEntry(at, visit, facts.open, now);
  if (facts.untold !== undefined) return untoldEntry(at, visit, facts.untold, now);
  return admit(at, visit, now);
}
