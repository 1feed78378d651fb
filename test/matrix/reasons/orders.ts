/** What stops an issuer order, a look into the log, a proof. */
import { getClosingStatement, getLogStatement, getRecord } from '../../../host/protocol/commands/get-proof.js';
import { putOrder } from '../../../host/protocol/commands/put-order.js';
import type { OrderToPut } from '../../../host/protocol/commands/put-order.js';
import { readRecords, readTotals } from '../../../host/protocol/commands/read-log.js';
import { KeyRef, OrderType } from '../../../host/protocol/generated/enums.js';
import { freshCard } from '../../helpers/cards.js';
import type { TestCard } from '../../helpers/cards.js';
import { signerFor } from '../../helpers/keys.js';
import { Orders } from '../../helpers/orders.js';
import { firstParameters } from '../../helpers/personalize.js';
import { startTime } from '../../helpers/scheme.js';
import { desk, kiosk, pos, prepared, scenario } from './scenario.js';
import type { Scenario, Step } from './scenario.js';

function put(order: (card: TestCard) => OrderToPut): Step {
  return ({ session, card }) => putOrder(session, order(card));
}

const somebodyElse = { signer: signerFor('somebody else') };
const otherCard = new Orders(new Uint8Array(8).fill(9));
const noHash = new Uint8Array(32);
const atDesk = { by: desk };
const atKiosk = { by: kiosk };

/** The fixture has NT 2 and A 1. */
const sync = (acknowledged: number): Step =>
  put(({ orders }) => orders.sync({ acknowledged, runningHash: noHash, date: startTime }));

export const orders: readonly Scenario[] = [
  scenario(
    'lifeCycle',
    'the closing statement of a card that is not retired',
    ({ session }) => getClosingStatement(session),
    {
      ...atDesk,
      sw: 'conditions',
    },
  ),
  scenario('role', 'the log statement at a POS', ({ session }) => getLogStatement(session), { sw: 'securityStatus' }),
  scenario('role', 'somebody else’s record at a POS [R10]', ({ session }) => getRecord(session, 1), {
    sw: 'securityStatus',
  }),
  scenario(
    'pinRequired',
    'somebody else’s record at a kiosk without PIN',
    ({ session }) => getRecord(session, 1),
    atKiosk,
  ),
  scenario(
    'pinRequired',
    'the log statement at a kiosk without PIN',
    ({ session }) => getLogStatement(session),
    atKiosk,
  ),
  scenario('pinRequired', 'totals at a kiosk without PIN', ({ session }) => readTotals(session), atKiosk),
  scenario('pinRequired', 'records at a kiosk without PIN', ({ session }) => readRecords(session, 1), atKiosk),
  ...(['retire', 'pinReset'] as const).map((order) =>
    scenario(
      'role',
      `${order} at a kiosk`,
      put((card) => ({ ...card.orders[order](1), type: OrderType.retire })),
      {
        ...atKiosk,
        sw: 'securityStatus',
      },
    ),
  ),
  scenario(
    'role',
    'unblock at a kiosk',
    put((card) => card.orders.unblock(1, 1)),
    { ...atKiosk, sw: 'securityStatus' },
  ),
  scenario(
    'role',
    'parameters at a POS',
    put((card) => card.orders.parameters(1, firstParameters)),
    {
      sw: 'securityStatus',
    },
  ),
  scenario('role', 'SYNC at a POS', sync(2), { sw: 'securityStatus' }),
  scenario(
    'stale',
    'an order whose counter was used',
    put((card) => card.orders.unblock(1, 1)),
    {
      ...atDesk,
      before: [put((card) => card.orders.unblock(1, 1))],
    },
  ),
  scenario(
    'stale',
    'an order after the next',
    put((card) => card.orders.retire(2)),
    atDesk,
  ),
  scenario(
    'stale',
    'parameters of a version the card has',
    put((card) => card.orders.parameters(1, firstParameters)),
    atDesk,
  ),
  scenario(
    'stale',
    'a block order made before the last unblock',
    put((card) => card.orders.block(7)),
    {
      first: put((card) => card.orders.unblock(1, 7)),
    },
  ),
  scenario(
    'stale',
    'an unblock that names fewer block orders than the last',
    put((card) => card.orders.unblock(2, 6)),
    {
      ...atDesk,
      before: [put((card) => card.orders.unblock(1, 7))],
    },
  ),
  scenario('stale', 'SYNC to before A [R14]', sync(0), atDesk),
  scenario('stale', 'SYNC past NT [R14]', sync(3), atDesk),
  scenario('format', 'SYNC with another running hash [R14]', sync(2), atDesk),
  scenario(
    'format',
    'more cancels than the card can keep',
    put((card) => card.orders.parameters(1, { ...firstParameters, version: 2, cancelsBetweenSyncs: 5 })),
    atDesk,
  ),
  scenario(
    'format',
    'a switch of the order key, which switches by itself',
    put((card) => card.orders.keySwitch(1, KeyRef.order)),
    atDesk,
  ),
  scenario(
    'signature',
    'an order that somebody else signed',
    put((card) => card.orders.retire(1, somebodyElse)),
    atDesk,
  ),
  scenario(
    'signature',
    'a block order that somebody else signed',
    put((card) => card.orders.block(1, somebodyElse)),
    { by: pos },
  ),
  scenario(
    'signature',
    'an order for another card [R15]',
    put(() => otherCard.retire(1)),
    atDesk,
  ),
  scenario(
    'signature',
    'an order that passes for one of another type',
    put((card) => ({ ...card.orders.retire(1), type: OrderType.block })),
    atDesk,
  ),
  scenario(
    'signature',
    'the next order key in place of the current one',
    put((card) => ({ ...card.orders.retire(1, { keyIndex: 1 }), keyIndex: 0 })),
    atDesk,
  ),
  scenario(
    'key',
    'an order under a key that was retired',
    put((card) => card.orders.retire(2)),
    {
      ...atDesk,
      before: [put((card) => card.orders.unblock(1, 1, { keyIndex: 1 }))],
    },
  ),
  prepared('key', 'a second switch of one key', async () => {
    const card = await freshCard('active', 'reasons');
    await putOrder(await card.open(desk), card.orders.keySwitch(1, KeyRef.credit));
    const session = await card.open(desk);
    return { card, act: () => putOrder(session, card.orders.keySwitch(2, KeyRef.credit)) };
  }),
];
