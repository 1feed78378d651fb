/** PUT ORDER, every type. Whoever brings an order looks whether the card has it, and else brings it again. */
import { expect } from 'chai';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { debit } from '../../../host/protocol/commands/debit.js';
import { getBlockStatement, getClosingStatement, getLogStatement } from '../../../host/protocol/commands/get-proof.js';
import { presentCertificate } from '../../../host/protocol/commands/present-certificate.js';
import { putOrder, putPinReset } from '../../../host/protocol/commands/put-order.js';
import type { OrderToPut } from '../../../host/protocol/commands/put-order.js';
import { readTotals } from '../../../host/protocol/commands/read-log.js';
import { select } from '../../../host/protocol/commands/select.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { KeyRef, LifeCycle, LoadState } from '../../../host/protocol/generated/enums.js';
import { pinTries } from '../../../host/protocol/generated/parameters.js';
import type { ParametersFields } from '../../../host/protocol/generated/structures.js';
import type { OrderKey } from '../../helpers/orders.js';
import { refused } from '../../helpers/refused.js';
import { startTime } from '../../helpers/scheme.js';
import { blockedInReset, flow, pairSlotEmpty } from '../flow.js';
import type { AnyFlow } from '../flow.js';
import { meet, terminals } from '../stage.js';
import type { CardSource, Stage } from '../stage.js';
import { expectEuros, knownCard, livedOf, orderOf, pendingLoad, totalsOf } from './common.js';

const newPin = '135790';

export function orders(source: CardSource): AnyFlow[] {
  return [
    parameters(source, 0),
    parameters(source, 1),
    unblock(source),
    pinReset(source),
    retire(source),
    keySwitch(source),
    block(source),
    sync(source),
  ];
}

/** Brings an order that counts, unless the card has taken it. */
async function bring(
  link: CardChannel,
  stage: Stage,
  make: (counter: number, key: OrderKey) => OrderToPut,
  pin?: string,
): Promise<void> {
  const { totals, keys } = livedOf(stage);
  const { channel } = await meet(link, stage, 'desk');
  if ((await readTotals(channel)).orderCounter > totals.orderCounter) return;
  const order = make(totals.orderCounter + 1, { keyIndex: keys.order });
  await (pin === undefined ? putOrder(channel, order) : putPinReset(channel, order, pin));
}

function newParameters(stage: Stage): ParametersFields {
  const { parameters: now } = livedOf(stage).totals;
  return { ...now, version: now.version + 1, offlineCount: 27 };
}

/** The same under the current order key and under the next, which retires the current one in the same breath. */
function parameters(source: CardSource, keyIndex: 0 | 1): AnyFlow {
  return flow({
    name: keyIndex === 0 ? 'parameters' : 'parameters under the next order key',
    start: knownCard(source),
    run: (link, stage) =>
      bring(link, stage, (counter, key) =>
        stage.card.orders.parameters(counter, newParameters(stage), keyIndex === 1 ? { keyIndex } : key),
      ),
    finish: async (link, stage) => {
      const totals = await totalsOf(link, stage);
      expect(totals.parameters).to.deep.equal(newParameters(stage));
      expect(totals.orderKeySwitched).to.equal(Math.max(keyIndex, livedOf(stage).keys.order));
      await expectEuros(link, stage, 0n);
    },
  });
}

function unblock(source: CardSource): AnyFlow {
  return flow({
    name: 'unblock',
    start: knownCard(source, (stage) => takeBlock(stage.card, stage)),
    run: (link, stage) =>
      bring(link, stage, (counter, key) => stage.card.orders.unblock(counter, nextBlock(stage), key)),
    finish: async (link, stage) => {
      const { channel } = await meet(link, stage, 'pos');
      await refused(putOrder(channel, blockOf(stage)), 'conditions', 'stale');
      await expectEuros(link, stage, 0n);
    },
    named: [pairSlotEmpty],
  });
}

/** A card blocked by wrong PINs. */
export function pinReset(source: CardSource): AnyFlow {
  return flow({
    name: 'PIN reset',
    start: knownCard(source, async (stage) => {
      const { channel } = await meet(stage.card, stage, 'kiosk');
      for (let i = 0; i < pinTries; i++) await verifyPin(channel, '9999').catch(() => undefined);
    }),
    run: (link, stage) => bring(link, stage, (counter, key) => stage.card.orders.pinReset(counter, key), newPin),
    finish: async (link, stage) => {
      const { channel, s1 } = await meet(link, stage, 'kiosk');
      expect(s1).to.include({ blocked: false, pinTries });
      await verifyPin(channel, newPin);
      await expectEuros(link, stage, 0n);
    },
    named: [blockedInReset],
    triesMayRise: true,
  });
}

/** With a load pending, which is given up in the same transaction. */
function retire(source: CardSource): AnyFlow {
  return flow({
    name: 'RETIRE',
    start: knownCard(source, async (stage) => void (await pendingLoad(stage))),
    run: (link, stage) => bring(link, stage, (counter, key) => stage.card.orders.retire(counter, key)),
    finish: async (link, stage) => {
      expect((await select(link)).state).to.equal(LifeCycle.retired);
      const { channel } = await meet(link, stage, 'desk');
      const { statement } = await getClosingStatement(channel);
      expect(statement.balances).to.deep.equal(livedOf(stage).totals.balances);
      expect(statement.register.state).to.equal(LoadState.cancelled);
      await refused(debit(channel, orderOf(1n, 1)), 'conditions', 'lifeCycle');
    },
    named: [pairSlotEmpty],
  });
}

/** Of the credit key, which has one successor: pairs are forgotten, terminals stay what they are. */
function keySwitch(source: CardSource): AnyFlow {
  return flow({
    name: 'KEY SWITCH',
    start: knownCard(source),
    run: async (link, stage) => {
      const brought = bring(link, stage, (counter, key) => stage.card.orders.keySwitch(counter, KeyRef.credit, key));
      await (livedOf(stage).keys.credit === 1 ? brought : refused(brought, 'referenceNotFound', 'key'));
    },
    finish: (link, stage) => expectEuros(link, stage, 0n),
    named: [pairSlotEmpty],
  });
}

/** By a POS, which then cannot open a session any more; the desk has the proof. */
function block(source: CardSource): AnyFlow {
  return flow({
    name: 'block order',
    start: knownCard(source),
    run: (link, stage) => takeBlock(link, stage),
    finish: async (link, stage) => {
      expect((await select(link)).state).to.equal(LifeCycle.blocked);
      await refused(presentCertificate(link, terminals.pos.certificate.bytes), 'blocked');
      const { channel } = await meet(link, stage, 'desk');
      expect((await getBlockStatement(channel)).statement.blockNumber).to.equal(nextBlock(stage));
    },
    named: [pairSlotEmpty],
  });
}

async function takeBlock(link: CardChannel, stage: Stage): Promise<void> {
  if ((await select(link)).state === LifeCycle.blocked) return;
  const { channel } = await meet(link, stage, 'pos');
  await putOrder(channel, blockOf(stage));
}

/** Numbers of block orders may leave some out. */
function nextBlock(stage: Stage): number {
  const { blockNumber, unblockNumber } = livedOf(stage).totals;
  return Math.max(blockNumber, unblockNumber) + 4;
}

function blockOf(stage: Stage): OrderToPut {
  return stage.card.orders.block(nextBlock(stage), { keyIndex: livedOf(stage).keys.order });
}

/** With offline purchases, which count from A on only. */
function sync(source: CardSource): AnyFlow {
  return flow({
    name: 'SYNC',
    start: knownCard(source, async (stage) => {
      const { channel } = await meet(stage.card, stage, 'pos');
      for (const tn of [1, 2]) await debit(channel, orderOf(2_00n, tn));
    }),
    run: async (link, stage) => {
      const { channel } = await meet(link, stage, 'desk');
      const { nt, runningHash } = (await getLogStatement(channel)).statement;
      const order = { acknowledged: nt, runningHash, date: startTime + 60 };
      await putOrder(channel, stage.card.orders.sync(order, { keyIndex: livedOf(stage).keys.order }));
    },
    finish: async (link, stage) => {
      const totals = await totalsOf(link, stage);
      expect(totals).to.include({ acknowledged: totals.nt, offlineCount: 0, date: startTime + 60 });
      await expectEuros(link, stage, -4_00n);
    },
  });
}
