// Counters at their end: none wraps, and the way out always has a number [M10].
import { expect } from 'chai';
import { money } from '../../host/protocol/codec/money.js';
import { cancelLast } from '../../host/protocol/commands/cancel-last.js';
import { credit } from '../../host/protocol/commands/credit.js';
import { debit } from '../../host/protocol/commands/debit.js';
import { initLoad } from '../../host/protocol/commands/init-load.js';
import { putOrder } from '../../host/protocol/commands/put-order.js';
import { readTotals } from '../../host/protocol/commands/read-log.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { LoadType, Role } from '../../host/protocol/generated/enums.js';
import { counterReserve } from '../../host/protocol/generated/parameters.js';
import { lastingTerminal, load, synchronise } from '../helpers/cards.js';
import type { Shelf, TestCard } from '../helpers/cards.js';
import { doctoredCard, withBytes } from '../helpers/doctored.js';
import { euroSlot, holderPin } from '../helpers/personalize.js';
import { refused } from '../helpers/refused.js';
import { euro, startTime } from '../helpers/scheme.js';

const figures = 'epurse/PurseMemory.stored';
const offsets = { nt: 0, acknowledged: 43, loadCounter: 83 } as const;
const orderCounter = { field: 'epurse/LifeCycle.data', offset: 3 } as const;

const last = 0xffff_ffff;
const pos = lastingTerminal(Role.pos, 'counters');
const kiosk = lastingTerminal(Role.load, 'counters');
const desk = lastingTerminal(Role.perso, 'counters');

describe('A counter at its end [M10]', function () {
  this.timeout(60_000);

  describe('NT', () => {
    let shelf: Shelf;

    before(async () => {
      // two loads of the fixture bring it to the last value but one that a purchase may make
      const start = (last - counterReserve - 3).toString(16);
      shelf = await doctoredCard('nt', [
        withBytes(figures, offsets.nt, start),
        withBytes(figures, offsets.acknowledged, start),
      ]);
    });

    it('refuses a purchase, and goes on with cancel, load and unload to its last value, then with RETIRE', async () => {
      const card = await shelf.take('active');
      const till = await card.open(pos, { full: true });
      const order = { slot: euroSlot, amount: money(1_00n, euro), tn: 1, time: startTime };
      await debit(till, order);
      const ntOfPurchase = till.s1.nt + 1;
      expect(ntOfPurchase).to.equal(last - counterReserve);
      await refused(debit(till, { ...order, tn: 2 }), 'conditions', 'counter');
      await cancelLast(till, { ...order, tn: 3, cancelledNt: ntOfPurchase, cancelledTn: 1 });

      const session = await card.open(kiosk);
      expect(session.s1.nt).to.equal(ntOfPurchase + 1);
      for (let nt = session.s1.nt + 1; nt <= last; nt++) {
        expect((await load(session, card.orders, euroSlot, 1n)).record.nt).to.equal(nt);
      }
      await refused(load(session, card.orders, euroSlot, 1n), 'conditions', 'counter');
      const retired = await putOrder(await card.open(desk), card.orders.retire(1));
      expect(retired.kind === 'retired' && retired.proof.statement.nt).to.equal(last);
    });

    it('synchronises at its last value', async () => {
      const card = await shelf.take('active');
      const session = await card.open(kiosk);
      while ((await load(session, card.orders, euroSlot, 1n)).record.nt < last);
      const atDesk = await card.open(desk);
      await synchronise(atDesk, card.orders, startTime);
      expect((await readTotals(atDesk)).acknowledged).to.equal(last);
    });
  });

  it('of loads refuses another load', async () => {
    const shelf = await doctoredCard('loads', [withBytes(figures, offsets.loadCounter, 'fffffffd')]);
    const card = await shelf.take('active');
    const session = await card.open(kiosk);
    await verifyPin(session, holderPin);
    const request = { type: LoadType.load, slot: euroSlot, amount: money(2_00n, euro), time: startTime } as const;
    await refused(initLoad(session, request), 'conditions', 'counter');
    expect((await stateOf(card)).nt).to.equal(2);
  });

  it('of loads gives its last value once', async () => {
    const shelf = await doctoredCard('last load', [withBytes(figures, offsets.loadCounter, 'fffffffc')]);
    const card = await shelf.take('active');
    const session = await card.open(kiosk);
    await verifyPin(session, holderPin);
    const request = { type: LoadType.load, slot: euroSlot, amount: money(2_00n, euro), time: startTime } as const;
    const { statement } = await initLoad(session, request);
    expect(statement.register.counter).to.equal(last);
    const { fields, signature } = card.orders.authorise(statement, startTime);
    expect((await credit(session, fields, signature)).record.ref).to.equal(last);
  });

  it('of orders refuses another order, and still takes a block order', async () => {
    const shelf = await doctoredCard('orders', [withBytes(orderCounter.field, orderCounter.offset, 'ffffffff')]);
    const card = await shelf.take('active');
    await refused(putOrder(await card.open(desk), card.orders.unblock(0, 1)), 'conditions', 'counter');
    expect((await putOrder(await card.open(pos), card.orders.block(last))).kind).to.equal('blocked');
  });

  async function stateOf(card: TestCard): Promise<{ nt: number }> {
    return readTotals(await card.open(desk));
  }
});
