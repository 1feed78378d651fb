/**
 * One card in each life-cycle state, with everything on it that lets each command be done where it is allowed: all data of a raw card but
 * ACTIVATE; pairs with three terminals, a purchase to cancel, a pending load and its authorisation.
 */
import type { Snapshot } from 'jcardsim-ts-bridge';
import type { LifeCycle } from '../../apdu-specs/generator/model.js';
import { money } from '../../host/protocol/codec/money.js';
import { pinBlock } from '../../host/protocol/codec/pin.js';
import { debit } from '../../host/protocol/commands/debit.js';
import { getLogStatement } from '../../host/protocol/commands/get-proof.js';
import { initLoad } from '../../host/protocol/commands/init-load.js';
import { putOrder } from '../../host/protocol/commands/put-order.js';
import { select } from '../../host/protocol/commands/select.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { LoadType } from '../../host/protocol/generated/enums.js';
import type { StatementFields } from '../../host/protocol/generated/structures.js';
import { pinTries } from '../../host/protocol/generated/parameters.js';
import { cardExpiry, freshCard } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import type { Authorisation } from '../helpers/orders.js';
import { euroSlot, holderPin, rawSession, storeEverything } from '../helpers/personalize.js';
import { euro, startTime } from '../helpers/scheme.js';
import { fullSession, resumedSession } from '../helpers/wire.js';
import type { WireSession } from '../helpers/wire.js';
import { identities } from './terminals.js';
import type { PairKeys } from './terminals.js';

export const cardName = 'matrix';

/** The purchase that can be cancelled. */
export const purchase = { slot: euroSlot, amount: money(3_50n, euro), tn: 7, time: startTime } as const;

/** The load that is pending. */
export const pendingLoad = {
  type: LoadType.load,
  slot: euroSlot,
  amount: money(10_00n, euro),
  time: startTime,
} as const;

export interface Base {
  readonly snapshot: Snapshot;
  /** Pairs the card has in this state. */
  readonly pairs: PairKeys;
  /** The log statement, and the authorisation of the pending load. */
  readonly statement: StatementFields | undefined;
  readonly authorisation: Authorisation | undefined;
}

const bases = new Map<LifeCycle, Promise<Base>>();

/** The card of the matrix, put into a life-cycle state; selected, without session. */
export async function takeBase(lifeCycle: LifeCycle): Promise<{ card: TestCard; base: Base }> {
  let made = bases.get(lifeCycle);
  if (!made) bases.set(lifeCycle, (made = make(lifeCycle)));
  const base = await made;
  const card = await freshCard('raw', cardName);
  await card.card.restore(base.snapshot);
  return { card, base };
}

async function make(lifeCycle: LifeCycle): Promise<Base> {
  switch (lifeCycle) {
    case 'raw':
      return makeRaw();
    case 'active':
      return makeActive();
    case 'expired':
      return after(async (card, base) => {
        const desk = await resume(card, base, 'perso');
        const { nt, runningHash } = (await getLogStatement(desk.over(card))).statement;
        await putOrder(desk.over(card), card.orders.sync({ acknowledged: nt, runningHash, date: cardExpiry }));
        return base.pairs;
      });
    case 'blocked':
      return after(async (card, base) => {
        await spendTries(card, await resume(card, base, 'pos'));
        return base.pairs;
      });
    case 'retired':
      return after(async (card, base) => {
        await putOrder((await resume(card, base, 'perso')).over(card), card.orders.retire(1));
        return { perso: (await fullSession(card, identities.perso)).pair };
      });
  }
}

async function makeRaw(): Promise<Base> {
  const card = await freshCard('raw', cardName);
  await storeEverything(await rawSession(card), { cardId: card.cardId });
  return finish(card, {}, undefined, undefined);
}

async function makeActive(): Promise<Base> {
  const card = await freshCard('active', cardName);
  await select(card);
  const pos = await fullSession(card, identities.pos);
  await debit(pos.session.over(card), purchase);
  const perso = await fullSession(card, identities.perso);
  const load = await fullSession(card, identities.load);
  const kiosk = load.session.over(card);
  await verifyPin(kiosk, holderPin);
  const { statement } = await initLoad(kiosk, pendingLoad);
  const pairs = { pos: pos.pair, load: load.pair, perso: perso.pair };
  return finish(card, pairs, statement, card.orders.authorise(statement, startTime));
}

/** From the active card on. @param act gives the pairs the card still has */
async function after(act: (card: TestCard, base: Base) => Promise<PairKeys>): Promise<Base> {
  const { card, base } = await takeBase('active');
  const pairs = await act(card, base);
  return finish(card, pairs, base.statement, base.authorisation);
}

async function finish(
  card: TestCard,
  pairs: PairKeys,
  statement: StatementFields | undefined,
  authorisation: Authorisation | undefined,
): Promise<Base> {
  await card.card.powerOff();
  await card.card.powerOn();
  await select(card);
  return { snapshot: await card.card.snapshot(), pairs, statement, authorisation };
}

/** A resumed session of one of the three terminals. */
export async function resume(card: TestCard, { pairs }: Base, role: keyof PairKeys): Promise<WireSession> {
  const keys = pairs[role];
  if (!keys) throw new Error(`the card has no pair with ${role} here`);
  return resumedSession(card, identities[role].certificate.terminalId, keys);
}

/** Wrong PINs until the card blocks; the session goes on. */
export async function spendTries(card: TestCard, session: WireSession): Promise<void> {
  const { ins, p1, p2 } = commands.VERIFY_PIN;
  for (let left = pinTries - 1; left >= 0; left--) {
    const { sw } = await session.send(card, ins, p1, p2, pinBlock('9999'));
    if (sw !== (0x63c0 | left)) throw new Error(`a wrong PIN was answered ${sw.toString(16)}, ${left} tries left`);
  }
}
