/** A command that a card refuses: who sends it, what happened before, and the reason that has to be given. */
import { money } from '../../../host/protocol/codec/money.js';
import { cancelLast } from '../../../host/protocol/commands/cancel-last.js';
import { debit } from '../../../host/protocol/commands/debit.js';
import { putOrder } from '../../../host/protocol/commands/put-order.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import type { ParametersFields, SlotParametersFields } from '../../../host/protocol/generated/structures.js';
import type { ReasonName, StatusWordName } from '../../../host/protocol/generated/status-words.js';
import { reasons } from '../../../host/protocol/generated/status-words.js';
import type { PurseSession, TerminalIdentity } from '../../../host/protocol/session/session.js';
import { freshCard, lastingTerminal } from '../../helpers/cards.js';
import type { CardState, TestCard } from '../../helpers/cards.js';
import { euroSlot, firstParameters, holderPin } from '../../helpers/personalize.js';
import { euro, startTime } from '../../helpers/scheme.js';

export interface Prepared {
  readonly card: TestCard;
  /** Has to be refused. */
  readonly act: () => Promise<unknown>;
}

export interface Scenario {
  readonly reason: ReasonName;
  readonly sw: StatusWordName;
  readonly what: string;
  readonly prepare: () => Promise<Prepared>;
}

export interface Place {
  readonly session: PurseSession;
  readonly card: TestCard;
}

export type Step = (place: Place) => Promise<unknown>;

export const pos = lastingTerminal(Role.pos, 'reasons');
export const kiosk = lastingTerminal(Role.load, 'reasons');
export const desk = lastingTerminal(Role.perso, 'reasons');

export interface Circumstances {
  /** A POS unless told otherwise. */
  readonly by?: TerminalIdentity;
  readonly state?: CardState;
  /** At a desk, before the session opens. */
  readonly first?: Step;
  /** In the same session. */
  readonly before?: readonly Step[];
  /** Where the reason may come with more than one. */
  readonly sw?: StatusWordName;
}

export function scenario(reason: ReasonName, what: string, act: Step, circumstances: Circumstances = {}): Scenario {
  return prepared(reason, what, () => prepare(act, circumstances), circumstances.sw);
}

/** A scenario that has to be set up in a way of its own. */
export function prepared(
  reason: ReasonName,
  what: string,
  prepare: () => Promise<Prepared>,
  sw: StatusWordName = usualStatus(reason),
): Scenario {
  return { reason, what, prepare, sw };
}

function usualStatus(reason: ReasonName): StatusWordName {
  const entry = reasons[reason];
  if (!('statusWord' in entry)) throw new Error(`say which status word comes with ${reason}`);
  return entry.statusWord;
}

async function prepare(
  act: Step,
  { by = pos, state = 'active', first, before = [] }: Circumstances,
): Promise<Prepared> {
  const card = await freshCard(state, 'reasons');
  if (first) await first({ card, session: await card.open(desk) });
  const place = { card, session: await card.open(by) };
  for (const step of before) await step(place);
  return { card, act: () => act(place) };
}

/** The holder's PIN. */
export const pin: Step = ({ session }) => verifyPin(session, holderPin);

/** A debit of the euro slot, in cents. */
export function pay(amount: bigint, tn = 1): Step {
  return ({ session }) => debit(session, { slot: euroSlot, amount: money(amount, euro), tn, time: startTime });
}

export function times(count: number, step: Step): Step[] {
  return Array.from({ length: count }, () => step);
}

/** Whatever the card says to it. */
export function attempt(step: Step): Step {
  return (place) => step(place).catch(() => undefined);
}

/** CANCEL LAST in the euro slot; the first purchase of an active card has NT 3. */
export function cancel({ nt = 3, tn = 1, amount = 1_00n }: { nt?: number; tn?: number; amount?: bigint } = {}): Step {
  return ({ session }) =>
    cancelLast(session, {
      slot: euroSlot,
      amount: money(amount, euro),
      cancelledNt: nt,
      cancelledTn: tn,
      tn: tn + 50,
      time: startTime,
    });
}

/** Parameters by order: other limits in the euro slot, and over all. */
export function limits(slot: Partial<SlotParametersFields>, over: Partial<ParametersFields> = {}): Step {
  const [euroLimits, ...others] = firstParameters.slots;
  if (!euroLimits) throw new Error('there are no slots');
  const parameters = { ...firstParameters, version: 2, ...over, slots: [{ ...euroLimits, ...slot }, ...others] };
  return ({ session, card }) => putOrder(session, card.orders.parameters(1, parameters));
}
