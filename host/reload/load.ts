/** A load or unload from INIT LOAD to the issuer's authorisation. What the card then makes of it is in `settle.ts`. */
import { moneyToWire } from '../protocol/codec/money.js';
import type { Seconds } from '../protocol/codec/time.js';
import { LoadState, StatementPurpose } from '../protocol/generated/enums.js';
import { creditAuthorisationCodec } from '../protocol/generated/structures.js';
import type { LoadRegisterFields } from '../protocol/generated/structures.js';
import type { IssuerErrorCode } from '../protocol/issuer/port.js';
import { statementHolds } from '../terminal/flow/claims.js';
import { askIssuer, issuerAnswer } from '../terminal/flow/issuer.js';
import { expected } from '../terminal/flow/machine.js';
import { cardRefusal, issuerRefusal } from '../terminal/refusal.js';
import { base, lost, refuse, unresolved } from './ends.js';
import type { ReloadStep } from './ends.js';
import { authorisationLost, creditUnproven, loadRefused, stillPending } from './refusals.js';
import { cancelLoad, credit } from './register.js';
import type { ReloadBase, ReloadEvent, ReloadStateAt, Visit, WantedLoad } from './types.js';
import { uploadOf } from './upload.js';

export function initLoad(at: ReloadBase, visit: Visit, { type, slot, amount }: WantedLoad, now: Seconds): ReloadStep {
  const wanted = { type, slot, amount };
  return {
    state: { ...base(at), at: 'initialising', visit, wanted },
    effects: [{ do: 'init-load', ...wanted, time: now }],
  };
}

/** Asked again for the same, the card gives the same counter and random: nothing moves here, whatever is lost. */
export function initialised(state: ReloadStateAt<'initialising'>, event: ReloadEvent): ReloadStep {
  const { visit, wanted, context } = state;
  if (event.on === 'refused') return refuse(state, cardRefusal(event));
  if (event.on === 'lost' || event.on === 'unsigned') return lost(state);
  const { statement, signature } = expected(state.at, event, 'init-load');
  const claimed = { statement, signature };
  const { register } = statement;
  if (!statementHolds(context.scheme, visit.card, StatementPurpose.initLoad, claimed) || !isPending(register, wanted)) {
    return unresolved(state, creditUnproven);
  }
  return {
    state: { ...base(state), at: 'noting', visit, wanted, claimed },
    effects: [{ do: 'note-load', note: { ...wanted, cardId: visit.card.cardId, counter: register.counter } }],
  };
}

function isPending(register: LoadRegisterFields, { type, slot, amount }: WantedLoad): boolean {
  return (
    register.state === LoadState.pending &&
    register.type === type &&
    register.slot === slot &&
    register.unit === amount.unit.code &&
    register.amount === moneyToWire(amount)
  );
}

export function noted(state: ReloadStateAt<'noting'>, event: ReloadEvent): ReloadStep {
  expected(state.at, event, 'note-load');
  const { visit, wanted, claimed, context } = state;
  return {
    state: { ...base(state), at: 'authorising', visit, wanted, claimed },
    effects: [
      { do: 'show', notice: { notice: 'asking-bank', load: wanted } },
      askIssuer('authoriseLoad', { kioskId: context.kioskId, log: uploadOf(visit, visit.log, claimed) }),
    ],
  };
}

export function authorised(state: ReloadStateAt<'authorising'>, event: ReloadEvent): ReloadStep {
  const { visit, claimed } = state;
  const { counter } = claimed.statement.register;
  if (event.on === 'issuer-failed') {
    return isFinal(event.code)
      ? cancelLoad(state, visit, counter, issuerRefusal(event))
      : unresolved(state, authorisationLost);
  }
  const answer = issuerAnswer(event, 'authoriseLoad');
  switch (answer.status) {
    case 'authorised':
      return credit(state, visit, {
        authorisation: creditAuthorisationCodec.decode(answer.authorisation),
        signature: answer.signature,
        purpose: 'task',
        recovered: false,
      });
    case 'pending':
      return unresolved(state, stillPending);
    case 'refused':
      return cancelLoad(state, visit, counter, loadRefused(answer.code, answer.message));
  }
}

/** Did the issuer say no, rather than nothing? */
function isFinal(code: IssuerErrorCode): boolean {
  switch (code) {
    case 'unknown-card':
    case 'unknown-terminal':
    case 'conflict':
    case 'rejected':
      return true;
    case 'unreachable':
    case 'busy':
    case 'internal':
      return false;
  }
}
