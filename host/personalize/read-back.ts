/** An activated card answers for itself in a session with its own keys; then it counts at the issuer. */
import { equalBytes } from '../protocol/codec/bytes.js';
import { LifeCycle, StatementPurpose } from '../protocol/generated/enums.js';
import { pinTries } from '../protocol/generated/parameters.js';
import { parametersCodec, statementCodec } from '../protocol/generated/structures.js';
import type { TotalsFields } from '../protocol/generated/structures.js';
import { statementHolds } from '../terminal/flow/claims.js';
import { askIssuer } from '../terminal/flow/issuer.js';
import { refusal } from '../terminal/refusal.js';
import { base, refuse, setback } from './ends.js';
import type { DeskStep } from './ends.js';
import { prove } from './order.js';
import type { DeskBase, DeskEvent, DeskStateAt, DeskVisit, FoundIssue } from './types.js';

const differs = refusal(
  'card-unfit',
  'The card does not read back what was written.',
  'Keep this card back; it is not registered as in use. Personalize another one.',
);

export function readBack(at: DeskBase, visit: DeskVisit, found: FoundIssue): DeskStep {
  const { cardId } = visit.card;
  return {
    state: { ...base(at), at: 'reading-back', visit, found },
    effects: [{ do: 'show', notice: { notice: 'reading-back', cardId } }, { do: 'read-totals' }],
  };
}

export function totalsRead(state: DeskStateAt<'reading-back'>, event: DeskEvent): DeskStep {
  if (event.on !== 'read-totals') return setback(state, event);
  const { visit, found } = state;
  const { totals } = event;
  if (!isFresh(visit, totals) || !isAsIssued(visit, found, totals)) return refuse(state, differs);
  return {
    state: { ...base(state), at: 'sealing', visit, found, totals },
    effects: [{ do: 'get-statement', purpose: 'log' }],
  };
}

/** Nothing has happened on this card yet. */
function isFresh({ s1 }: DeskVisit, totals: TotalsFields): boolean {
  const empty = totals.balances.every(({ balance }) => balance === 0);
  return empty && totals.nt === 0 && s1.nt === 0 && totals.pinTries === pinTries && !s1.blocked && !s1.retired;
}

function isAsIssued({ card }: DeskVisit, { issued }: FoundIssue, totals: TotalsFields): boolean {
  if (issued === undefined) return true; // an earlier run wrote it: the issuer compares the statement
  return (
    equalBytes(card.cardId, issued.cardId) && equalBytes(parametersCodec.encode(totals.parameters), issued.parameters)
  );
}

export function sealed(state: DeskStateAt<'sealing'>, event: DeskEvent): DeskStep {
  if (event.on !== 'get-statement') return setback(state, event);
  const { visit, found, totals, context } = state;
  const { statement, signature } = event;
  const held = statementHolds(context.scheme, visit.card, StatementPurpose.log, { statement, signature });
  if (!held || statement.state !== LifeCycle.active || statement.nt !== 0) return refuse(state, differs);
  const proof = { cardId: visit.card.cardId, statement: statementCodec.encode(statement), signature };
  return {
    state: { ...base(state), at: 'reporting', visit, found, totals },
    effects: [askIssuer('cardActivated', proof)],
  };
}

/** The card counts. Where nobody knows its PIN any more, it gets a new one at once. */
export function reported(state: DeskStateAt<'reporting'>, event: DeskEvent): DeskStep {
  if (event.on !== 'issuer') return setback(state, event);
  const { visit, found } = state;
  if (!found.pinKnown) return resetPin(state, visit);
  const { cardId, expiry } = visit.card;
  return {
    state: {
      ...base(state),
      at: 'handing-out',
      visit,
      outcome: { result: 'issued', cardId, holder: found.holder, expiry, resumed: found.issued === undefined },
    },
    effects: [{ do: 'hand-out', sheet: { cardId, holder: found.holder, expiry, occasion: 'issue' } }],
  };
}

export function resetPin({ context }: DeskBase, visit: DeskVisit): DeskStep {
  const task = { task: 'order', order: 'pinReset', reason: 'the PIN of a cut personalization is lost' } as const;
  return prove({ context, task }, visit);
}
