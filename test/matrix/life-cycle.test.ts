// State changes only along section 2 of the design: every order in every state, and where it leads [M9] [R16] [R17].
import { expect } from 'chai';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { putOrder, putPinReset } from '../../host/protocol/commands/put-order.js';
import { select } from '../../host/protocol/commands/select.js';
import { LifeCycle, Role, lifeCycleNames } from '../../host/protocol/generated/enums.js';
import { pinTries } from '../../host/protocol/generated/parameters.js';
import type { PurseSession } from '../../host/protocol/session/session.js';
import { freshCard, lastingTerminal } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { refused } from '../helpers/refused.js';
import { desk } from './reasons/scenario.js';

const kiosk = lastingTerminal(Role.load, 'life cycle');

/** expired and blocked by PIN are computed, so they add up with what is stored. */
const situations = [
  'active',
  'expired',
  'blocked',
  'locked',
  'blocked and locked',
  'expired and blocked',
  'retired',
] as const;
type Situation = (typeof situations)[number];

const orderTypes = ['unblock', 'pinReset', 'retire', 'block'] as const;
type Order = (typeof orderTypes)[number];

/** Life cycle after an order was taken; nothing: the card refuses it. */
const leadsTo: Readonly<Record<Situation, Partial<Record<Order, LifeCycle>>>> = {
  active: row(LifeCycle.active, LifeCycle.active),
  expired: row(LifeCycle.expired, LifeCycle.expired),
  blocked: row(LifeCycle.active, LifeCycle.blocked),
  locked: row(LifeCycle.blocked, LifeCycle.active),
  'blocked and locked': row(LifeCycle.blocked, LifeCycle.blocked),
  'expired and blocked': row(LifeCycle.expired, LifeCycle.blocked),
  retired: {},
};

/** Unblock takes the block flag away and nothing else, PIN reset never does; block and RETIRE lead where they say. */
function row(unblock: LifeCycle, pinReset: LifeCycle): Record<Order, LifeCycle> {
  return { unblock, pinReset, retire: LifeCycle.retired, block: LifeCycle.blocked };
}

describe('The life cycle of a card [M9]', function () {
  this.timeout(60_000);

  for (const situation of situations) {
    for (const order of orderTypes) {
      const target = leadsTo[situation][order];
      const outcome = target === undefined ? 'is refused' : `leads to ${lifeCycleNames[target]}`;
      it(`${situation}, ${order} ${outcome}`, async () => {
        const { card, orderCounter } = await bring(situation);
        const session = await card.open(desk);
        if (target === undefined) {
          const before = await card.persistentState();
          await refused(put(card, session, order, orderCounter + 1), 'conditions', 'lifeCycle');
          expect((await card.persistentState()).text).to.equal(before.text);
          return;
        }
        await put(card, session, order, orderCounter + 1);
        expect((await select(card)).state).to.equal(target);
        await card.card.powerOff();
        await card.card.powerOn();
        expect((await select(card)).state, 'after power was off').to.equal(target);
      });
    }
  }
});

interface Brought {
  readonly card: TestCard;
  /** Of the last order that counts. */
  readonly orderCounter: number;
}

async function bring(situation: Situation): Promise<Brought> {
  switch (situation) {
    case 'active':
    case 'expired':
    case 'blocked':
      return { card: await freshCard(situation, 'life cycle'), orderCounter: 0 };
    case 'retired':
      return { card: await freshCard('retired', 'life cycle'), orderCounter: 1 };
    case 'locked':
      return { card: await locked(), orderCounter: 0 };
    case 'blocked and locked': {
      const card = await locked();
      await putOrder(await card.open(desk), card.orders.block(1));
      return { card, orderCounter: 0 };
    }
    case 'expired and blocked': {
      const card = await freshCard('expired', 'life cycle');
      await putOrder(await card.open(desk), card.orders.block(1));
      return { card, orderCounter: 0 };
    }
  }
}

/** Blocked by wrong PINs. */
async function locked(): Promise<TestCard> {
  const card = await freshCard('active', 'life cycle');
  const session = await card.open(kiosk);
  for (let i = 0; i < pinTries; i++) await verifyPin(session, '9999').catch(() => undefined);
  return card;
}

function put(card: TestCard, session: PurseSession, order: Order, counter: number): Promise<unknown> {
  const { orders } = card;
  switch (order) {
    case 'block':
      return putOrder(session, orders.block(9));
    case 'unblock':
      return putOrder(session, orders.unblock(counter, 1));
    case 'pinReset':
      return putPinReset(session, orders.pinReset(counter), '8642');
    case 'retire':
      return putOrder(session, orders.retire(counter));
  }
}
