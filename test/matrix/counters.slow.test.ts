// Counters near their end: none wraps, and the way out always has a number [M10].
import { expect } from 'chai';
import { money } from '../../host/protocol/codec/money.js';
import { cancelLast } from '../../host/protocol/commands/cancel-last.js';
import { credit } from '../../host/protocol/commands/credit.js';
import { debit } from '../../host/protocol/commands/debit.js';
import { initLoad } from '../../host/protocol/commands/init-load.js';
import { putOrder } from '../../host/protocol/commands/put-order.js';
import { readTotals } from '../../host/protocol/commands/read-log.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { LoadType } from '../../host/protocol/generated/enums.js';
import { counterReserve } from '../../host/protocol/generated/parameters.js';
import { load, synchronise } from '../helpers/cards.js';
import { euroSlot, holderPin } from '../helpers/personalize.js';
import { refused } from '../helpers/refused.js';
import { euro, startTime } from '../helpers/scheme.js';
import { cardNearTheEnd } from './reasons/counters.js';
import { desk, kiosk, pos } from './reasons/scenario.js';

const last = 0xffff_ffff;
const lastForPurchases = last - counterReserve;

/** The fixture's two loads bring it to the last number but one that a purchase may have. */
const nearNt = { nt: lastForPurchases - 3, acknowledged: lastForPurchases - 3 };

describe('A counter near its end [M10]', function () {
  this.timeout(60_000);

  it('NT: refuses a purchase, goes on with cancel and loads to its last value, then with RETIRE', async () => {
    const card = await cardNearTheEnd('nt', nearNt);
    const till = await card.open(pos, { full: true });
    const order = { slot: euroSlot, amount: money(1_00n, euro), tn: 1, time: startTime };
    await debit(till, order);
    await refused(debit(till, { ...order, tn: 2 }), 'conditions', 'counter');
    await cancelLast(till, { ...order, tn: 3, cancelledNt: lastForPurchases, cancelledTn: 1 });

    const session = await card.open(kiosk);
    expect(session.s1.nt).to.equal(lastForPurchases + 1);
    for (let nt = session.s1.nt + 1; nt <= last; nt++) {
      expect((await load(session, card.orders, euroSlot, 1n)).record.nt).to.equal(nt);
    }
    await refused(load(session, card.orders, euroSlot, 1n), 'conditions', 'counter');
    const retired = await putOrder(await card.open(desk), card.orders.retire(1));
    expect(retired.kind === 'retired' && retired.proof.statement.nt).to.equal(last);
  });

  it('NT: synchronises at its last value', async () => {
    const card = await cardNearTheEnd('nt', nearNt);
    const session = await card.open(kiosk);
    while ((await load(session, card.orders, euroSlot, 1n)).record.nt < last);
    const atDesk = await card.open(desk);
    await synchronise(atDesk, card.orders, startTime);
    expect((await readTotals(atDesk)).acknowledged).to.equal(last);
  });

  it('[M10] load counter: gives its last value, and credits it', async () => {
    const card = await cardNearTheEnd('last load but one', { loadCounter: last - 3 });
    const session = await card.open(kiosk);
    await verifyPin(session, holderPin);
    const request = { type: LoadType.load, slot: euroSlot, amount: money(2_00n, euro), time: startTime } as const;
    const { statement } = await initLoad(session, request);
    expect(statement.register.counter).to.equal(last);
    const { fields, signature } = card.orders.authorise(statement, startTime);
    expect((await credit(session, fields, signature)).record.ref).to.equal(last);
  });

  it('order counter: still takes block orders, whatever their number', async () => {
    const card = await cardNearTheEnd('last order', { orderCounter: last });
    expect((await putOrder(await card.open(pos), card.orders.block(last))).kind).to.equal('blocked');
  });
});
