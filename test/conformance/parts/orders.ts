/** Issuer orders, to the last one: RETIRE. */
import { expect } from 'chai';
import { debit } from '../../../host/protocol/commands/debit.js';
import { getBlockStatement, getClosingStatement, getLogStatement } from '../../../host/protocol/commands/get-proof.js';
import { presentCertificate } from '../../../host/protocol/commands/present-certificate.js';
import { putOrder, putPinReset } from '../../../host/protocol/commands/put-order.js';
import { readTotals } from '../../../host/protocol/commands/read-log.js';
import { select } from '../../../host/protocol/commands/select.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { KeyRef, LifeCycle, StatementPurpose } from '../../../host/protocol/generated/enums.js';
import { pinTries } from '../../../host/protocol/generated/parameters.js';
import { proveBlockStatement, proveStatement } from '../../../host/protocol/proofs/statement.js';
import { synchronise } from '../../helpers/cards.js';
import { euroSlot, firstParameters } from '../../helpers/personalize.js';
import { refused } from '../../helpers/refused.js';
import { startTime } from '../../helpers/scheme.js';
import { euros, terminals } from '../story.js';
import type { Story } from '../story.js';

const blockNumber = 17;

export function orderPart(story: Story): void {
  const next = (): number => story.orderCounter + 1;

  it('synchronises: A is NT, and the offline sums begin anew [R14]', async () => {
    const session = await story.open('desk');
    await synchronise(session, story.orders, startTime + 60);
    const totals = await readTotals(session);
    expect(totals).to.include({ acknowledged: story.nt, date: startTime + 60, offlineCount: 0, cancels: 0 });
  });

  it('takes new parameters once', async () => {
    const session = await story.open('kiosk');
    const order = story.orders.parameters(next(), { ...firstParameters, version: 2 });
    await putOrder(session, order);
    story.orderCounter++;
    await refused(putOrder(session, order), 'conditions', 'stale');
    expect(session.s1.parametersVersion).to.equal(1);
    expect((await story.open('kiosk')).s1.parametersVersion).to.equal(2);
  });

  it('is blocked by whoever has the order, and says so in proof [R17]', async () => {
    const session = await story.open('rival');
    const answer = await putOrder(session, story.orders.block(blockNumber));
    if (answer.kind !== 'blocked') return expect.fail(answer.kind);
    proveBlockStatement(session.card, answer.proof);
    expect(answer.proof.statement).to.deep.equal({ blockNumber, nt: story.nt });
  });

  it('blocked, opens sessions for a desk alone, and moves no money [R17] [M9]', async () => {
    const link = await story.card();
    expect((await select(link)).state).to.equal(LifeCycle.blocked);
    for (const name of ['pos', 'kiosk'] as const) {
      await refused(presentCertificate(link, terminals[name].certificate.bytes), 'blocked');
    }
    const desk = await story.open('desk');
    expect((await getBlockStatement(desk)).statement.blockNumber).to.equal(blockNumber);
    const order = { slot: euroSlot, amount: euros(1n), tn: 9, time: startTime };
    await refused(debit(desk, order), 'blocked', 'lifeCycle');
  });

  it('is unblocked by an order that names the block, which is then worth nothing [R17]', async () => {
    await putOrder(await story.open('desk'), story.orders.unblock(next(), blockNumber));
    story.orderCounter++;
    expect((await select(await story.card())).state).to.equal(LifeCycle.active);
    await refused(putOrder(await story.open('pos'), story.orders.block(blockNumber)), 'conditions', 'stale');
  });

  it('is blocked by the fifth wrong PIN, and comes back with a new one [R16] [M8]', async () => {
    const session = await story.open('kiosk');
    for (let left = pinTries - 1; left >= 0; left--) {
      const error = await verifyPin(session, '9999').catch((e: unknown) => e);
      expect(error).to.have.property('pinTriesLeft', left);
    }
    await refused(verifyPin(session, story.pin), 'blocked', 'lifeCycle');
    expect((await select(await story.card())).state).to.equal(LifeCycle.blocked);
    await putPinReset(await story.open('desk'), story.orders.pinReset(next()), '4321');
    story.orderCounter++;
    story.pin = '4321';
    const again = await story.open('kiosk');
    expect(again.s1.pinTries).to.equal(pinTries);
    await verifyPin(again, story.pin);
  });

  it('changes to the next credit key once, and to the next order key by its first order', async () => {
    await putOrder(await story.open('desk'), story.orders.keySwitch(next(), KeyRef.credit, { keyIndex: 1 }));
    story.orderCounter++;
    const session = await story.open('desk');
    expect((await readTotals(session)).orderKeySwitched).to.equal(1);
    await refused(putOrder(session, story.orders.retire(next())), 'referenceNotFound', 'key');
    const twice = story.orders.keySwitch(next(), KeyRef.credit, { keyIndex: 1 });
    await refused(putOrder(session, twice), 'referenceNotFound', 'key');
  });

  it('retires, swears to what it owes as often as asked, and does nothing else [M9]', async () => {
    const session = await story.open('desk');
    const { statement } = await getLogStatement(session);
    const answer = await putOrder(session, story.orders.retire(next(), { keyIndex: 1 }));
    if (answer.kind !== 'retired') return expect.fail(answer.kind);
    proveStatement(session.card, StatementPurpose.closing, answer.proof);
    expect(answer.proof.statement.balances).to.deep.equal(statement.balances);
    expect((await select(await story.card())).state).to.equal(LifeCycle.retired);
    const again = await getClosingStatement(await story.open('desk'));
    expect(again.statement).to.deep.equal(answer.proof.statement);
    const link = await story.card();
    await select(link);
    await refused(presentCertificate(link, terminals.pos.certificate.bytes), 'conditions');
  });
}
