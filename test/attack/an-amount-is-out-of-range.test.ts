/** Amounts at the ends of what 32 bits hold, and sums that would pass them: balances, points, limits. */
import { expect } from 'chai';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { putOrder } from '../../host/protocol/commands/put-order.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { LoadType, Reason, Role } from '../../host/protocol/generated/enums.js';
import type { ParametersFields } from '../../host/protocol/generated/structures.js';
import { select } from '../../host/protocol/commands/select.js';
import { pinBlock } from '../../host/protocol/codec/pin.js';
import { freshCard, funds, lastingTerminal, load } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { changingNothing } from '../helpers/expectations.js';
import { euroSlot, firstParameters, holderPin, pointsSlot } from '../helpers/personalize.js';
import { refused } from '../helpers/refused.js';
import { euro, startTime } from '../helpers/scheme.js';
import { fullSession } from '../helpers/wire.js';
import { Till, seenIn } from './support/till.js';

const most = 0xffffffff;
const kiosk = lastingTerminal(Role.load);
const desk = lastingTerminal(Role.perso);

/** Parameters that stop nobody: what is left is arithmetic. */
const boundless: ParametersFields = {
  ...firstParameters,
  version: 2,
  slots: firstParameters.slots.map(() => ({
    maxBalance: most,
    maxTransaction: most,
    pinlessSingle: most,
    pinlessSum: most,
    offlineSum: most,
    pointsStep: 1,
  })),
};

async function unlimited(): Promise<{ card: TestCard; till: Till }> {
  const card = await freshCard('active');
  await putOrder(await card.open(desk), card.orders.parameters(1, boundless));
  return { card, till: new Till('boundless', { limits: [{ unit: euro.code, limit: most }] }) };
}

describe('An amount', () => {
  it('[M1] [M10] of zero, in any command that moves money, is refused', async () => {
    const card = await freshCard('active');
    const till = new Till();
    const session = await till.open(card);
    await changingNothing(card, () => refused(till.pay(session, till.order(0n)), 'incorrectData', 'amount'));
    await select(card);
    const { session: atKiosk } = await fullSession(card, kiosk);
    for (const type of [LoadType.load, LoadType.unload]) {
      const { VERIFY_PIN, INIT_LOAD } = commands;
      await atKiosk.send(card, VERIFY_PIN.ins, VERIFY_PIN.p1, VERIFY_PIN.p2, pinBlock(holderPin));
      const data = INIT_LOAD.requestCodec.encode({ type, slot: euroSlot, amount: 0, time: startTime });
      const answer = await atKiosk.send(card, INIT_LOAD.ins, 0, 0, data);
      expect(answer).to.include({ sw: 0x6a80, reason: Reason.amount });
    }
  });

  it('[M1] [M10] above the balance is refused, up to the highest there is: nothing goes below zero', async () => {
    const { card, till } = await unlimited();
    const session = await till.open(card);
    // The terminal cannot rebuild such a record, so the card is asked directly.
    for (const amount of [Number(funds.euro) + 1, 0x7fffffff, 0x80000000, most]) {
      await select(card);
      const { session: wire } = await fullSession(card, till.identity);
      const data = commands.DEBIT.requestCodec.encode({ slot: euroSlot, amount, tn: 1, time: startTime });
      await changingNothing(card, async () => {
        const answer = await wire.send(card, commands.DEBIT.ins, 0, 0, data);
        expect(answer, String(amount)).to.include({ sw: 0x6985, reason: Reason.balance });
      });
    }
    expect(session.s1.balance.amount).to.equal(funds.euro);
  });

  it('[R1] [M1] [M10] that a balance has no room for is refused when asked for: nothing wraps', async () => {
    const { card } = await unlimited();
    const session = await card.open(kiosk);
    const room = BigInt(most) - funds.euro;
    await changingNothing(card, () =>
      refused(load(session, card.orders, euroSlot, room + 1n), 'conditions', 'maxBalance'),
    );
    const { record } = await load(session, card.orders, euroSlot, room);
    expect(record.balance).to.equal(most);
    await changingNothing(card, () => refused(load(session, card.orders, euroSlot, 1n), 'conditions', 'maxBalance'));
  });

  it('[M1] [M10] that fills a sum to its very end is taken, and the next cent is refused', async () => {
    const { card, till } = await unlimited();
    await load(await card.open(kiosk), card.orders, euroSlot, BigInt(most) - funds.euro);
    const session = await till.open(card);
    const paid = await till.pay(session, till.order(BigInt(most)));
    expect(paid.record).to.include({ balance: 0, points: most, pointsBalance: most });
    await load(await card.open(kiosk), card.orders, euroSlot, 1n);
    // The credit acknowledged the log, so the offline sum began anew; the sum without PIN did not.
    const again = await till.open(card);
    await changingNothing(card, () => refused(till.pay(again, till.order(1n)), 'securityStatus', 'pinRequired'));
    await verifyPin(again, holderPin);
    const last = await till.pay(again, till.order(1n), seenIn(again));
    expect(last.record).to.include({ balance: 0, points: 0, pointsBalance: most });
  });

  it('[M1] of points stops at the maximum of the loyalty slot; a cancel takes back what was awarded, no more', async () => {
    const card = await freshCard('active');
    const maxPoints = firstParameters.slots[pointsSlot]?.maxBalance ?? 0;
    const slots = firstParameters.slots.map((slot, i) => (i === euroSlot ? { ...slot, pointsStep: 1 } : slot));
    await putOrder(await card.open(desk), card.orders.parameters(1, { ...firstParameters, version: 2, slots }));
    const till = new Till();
    const session = await till.open(card, { full: true });
    const first = await till.pay(session, till.order(9_99n));
    expect(first.record.pointsBalance).to.equal(maxPoints - 1);
    const again = await till.open(card, { full: true });
    const second = await till.pay(again, till.order(9_99n));
    expect(second.record).to.include({ points: 1, pointsBalance: maxPoints });
    const undoing = await till.open(card, { full: true });
    const undone = await till.cancel(undoing, till.cancelOf(second));
    expect(undone.record).to.include({ points: 1, pointsBalance: maxPoints - 1 });
  });
});
