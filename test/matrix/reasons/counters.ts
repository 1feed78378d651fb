/** What stops at the end of a counter: cards that begin near it. */
import { money } from '../../../host/protocol/codec/money.js';
import { debit } from '../../../host/protocol/commands/debit.js';
import { initLoad } from '../../../host/protocol/commands/init-load.js';
import { putOrder } from '../../../host/protocol/commands/put-order.js';
import { LoadType } from '../../../host/protocol/generated/enums.js';
import type { PurseSession, TerminalIdentity } from '../../../host/protocol/session/session.js';
import type { TestCard } from '../../helpers/cards.js';
import { doctoredCard, withBytes } from '../../helpers/doctored.js';
import { euroSlot } from '../../helpers/personalize.js';
import { euro, startTime } from '../../helpers/scheme.js';
import { desk, kiosk, pin, pos, prepared } from './scenario.js';
import type { Prepared, Scenario } from './scenario.js';

const figures = 'epurse/PurseMemory.stored';

/** Where a counter lies on the card. */
export const places = {
  nt: { field: figures, offset: 0 },
  acknowledged: { field: figures, offset: 43 },
  loadCounter: { field: figures, offset: 83 },
  orderCounter: { field: 'epurse/LifeCycle.data', offset: 3 },
} as const;

type Values = Partial<Record<keyof typeof places, number>>;

/** A card of its own, whose counters begin elsewhere; two loads of the fixture come on top. */
export async function cardNearTheEnd(name: string, values: Values): Promise<TestCard> {
  const transforms = (Object.keys(values) as (keyof Values)[]).map((counter) => {
    const { field, offset } = places[counter];
    return withBytes(field, offset, (values[counter] ?? 0).toString(16).padStart(8, '0'));
  });
  return (await doctoredCard(name, transforms)).take('active');
}

type Act = (session: PurseSession, card: TestCard) => Promise<unknown>;

function near(name: string, values: Values, by: TerminalIdentity, act: Act): () => Promise<Prepared> {
  return async () => {
    const card = await cardNearTheEnd(name, values);
    const session = await card.open(by);
    if (by === kiosk) await pin({ session, card });
    return { card, act: () => act(session, card) };
  };
}

const amount = money(1_00n, euro);
const lastForPurchases = 0xffff_ffef;

export const counters: readonly Scenario[] = [
  prepared(
    'counter',
    'a purchase beyond the last number for purchases [M10]',
    near('last purchase', { nt: lastForPurchases - 2, acknowledged: lastForPurchases - 2 }, pos, (session) =>
      debit(session, { slot: euroSlot, amount, tn: 1, time: startTime }),
    ),
  ),
  prepared(
    'counter',
    'a load beyond the last load counter [M10]',
    near('last load', { loadCounter: 0xffff_fffd }, kiosk, (session) =>
      initLoad(session, { type: LoadType.load, slot: euroSlot, amount, time: startTime }),
    ),
  ),
  prepared(
    'counter',
    'an order beyond the last order counter [M10]',
    near('last order', { orderCounter: 0xffff_ffff }, desk, (session, card) =>
      putOrder(session, card.orders.unblock(0, 1)),
    ),
  ),
];
