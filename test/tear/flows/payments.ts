/** DEBIT and CANCEL LAST, with what a POS does when the answer does not come. */
import { expect } from 'chai';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { money, moneyToWire } from '../../../host/protocol/codec/money.js';
import { debit } from '../../../host/protocol/commands/debit.js';
import type { DebitOrder } from '../../../host/protocol/commands/debit.js';
import { exchange } from '../../../host/protocol/commands/exchange.js';
import { getRecord } from '../../../host/protocol/commands/get-proof.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { commands } from '../../../host/protocol/generated/commands.js';
import { RecordType } from '../../../host/protocol/generated/enums.js';
import { isRecordOf, judgeLostOrder } from '../../../host/protocol/proofs/lost-order.js';
import type { OpenOrder } from '../../../host/protocol/proofs/lost-order.js';
import { signCancelOrder } from '../../../host/protocol/signed/cancel-order.js';
import { euroSlot, holderPin, pointsSlot } from '../../helpers/personalize.js';
import { points, schemeId, startTime } from '../../helpers/scheme.js';
import { flow, pairSlotEmpty } from '../flow.js';
import type { AnyFlow } from '../flow.js';
import { meet, terminals } from '../stage.js';
import type { CardSource, Meeting, Stage } from '../stage.js';
import { balanceBefore, expectEuros, expectProof, knownCard, lastNt, livedOf, orderOf, totalsOf } from './common.js';

export function payments(source: CardSource): AnyFlow[] {
  return [smallDebit(source), debitWithPin(source), debitAtFirstMeeting(source), debitOfPoints(source), cancel(source)];
}

/** 3.50 at a known terminal: three commands, three points awarded. */
export function smallDebit(source: CardSource): AnyFlow {
  return flow({
    name: 'debit at a known POS',
    start: knownCard(source),
    run: (link, stage) => pay(link, stage, orderOf(3_50n, 7)),
    recover: (link, stage) => settle(link, stage, orderOf(3_50n, 7)),
    finish: async (link, stage) => {
      const { balances, pinlessSums } = await totalsOf(link, stage);
      expect(balances[pointsSlot]).to.deep.equal({ balance: balanceBefore(stage, pointsSlot) + 3 });
      const pinless = livedOf(stage).totals.pinlessSums[euroSlot]?.balance ?? 0;
      expect(pinlessSums[euroSlot]).to.deep.equal({ balance: pinless + 3_50 });
      await expectEuros(link, stage, -3_50n);
    },
  });
}

/** PIN and 30.00: the sum without PIN starts anew. */
export function debitWithPin(source: CardSource): AnyFlow {
  const withPin = async ({ channel }: Meeting): Promise<void> => verifyPin(channel, holderPin);
  const order = orderOf(30_00n, 7);
  return flow({
    name: 'debit with PIN',
    start: knownCard(source, async (stage) => {
      await debit((await meet(stage.card, stage, 'pos')).channel, orderOf(1_00n, 6));
    }),
    run: (link, stage) => pay(link, stage, order, withPin),
    recover: (link, stage) => settle(link, stage, order, withPin, lastNt(stage) + 1),
    finish: async (link, stage) => {
      expect((await totalsOf(link, stage)).pinlessSums[euroSlot]).to.deep.equal({ balance: 0 });
      await expectEuros(link, stage, -31_00n);
    },
    triesMayRise: true,
  });
}

function debitAtFirstMeeting(source: CardSource): AnyFlow {
  const forgotten = knownCard(source);
  return flow({
    name: 'debit at a first meeting',
    start: async () => {
      const stage = await forgotten();
      delete stage.pairs.pos;
      return stage;
    },
    run: (link, stage) => pay(link, stage, orderOf(3_50n, 7)),
    recover: (link, stage) => settle(link, stage, orderOf(3_50n, 7)),
    finish: (link, stage) => expectEuros(link, stage, -3_50n),
    named: [pairSlotEmpty],
  });
}

function debitOfPoints(source: CardSource): AnyFlow {
  const order: DebitOrder = { slot: pointsSlot, amount: money(4n, points), tn: 8, time: startTime };
  return flow({
    name: 'debit of points',
    start: knownCard(source, async (stage) => {
      await debit((await meet(stage.card, stage, 'pos')).channel, orderOf(10_00n, 7));
    }),
    run: (link, stage) => pay(link, stage, order),
    recover: (link, stage) => settle(link, stage, order, undefined, lastNt(stage) + 1),
    finish: async (link, stage) => {
      expect((await totalsOf(link, stage)).balances[pointsSlot]).to.deep.equal({
        balance: balanceBefore(stage, pointsSlot) + 6,
      });
      await expectEuros(link, stage, -10_00n);
    },
  });
}

type Before = (meeting: Meeting) => Promise<void>;

async function pay(link: CardChannel, stage: Stage, order: DebitOrder, before?: Before): Promise<void> {
  const meeting = await meet(link, stage, 'pos');
  await before?.(meeting);
  await debit(meeting.channel, order);
}

/** The next meeting: void and paid now, or executed and proved [M2]. */
async function settle(
  link: CardChannel,
  stage: Stage,
  order: DebitOrder,
  before?: Before,
  ntSeen = lastNt(stage),
): Promise<void> {
  const meeting = await meet(link, stage, 'pos');
  const open = openOrder(stage, RecordType.purchase, order.tn, order.amount.amount, ntSeen, order.slot);
  if (await isExecuted(stage, meeting, open)) return;
  await before?.(meeting);
  await debit(meeting.channel, { ...order, tn: order.tn + 1 });
}

function openOrder(
  { card }: Stage,
  type: OpenOrder['type'],
  tn: number,
  amount: bigint,
  ntSeen: number,
  slot: number = euroSlot,
): OpenOrder {
  return { type, cardId: card.cardId, tn, slot, amount, ntSeen };
}

/** As S1 tells; an executed one is proved [M4]. The order may have been given under the next number, too. */
async function isExecuted(stage: Stage, { channel, s1 }: Meeting, open: OpenOrder): Promise<boolean> {
  const tn = s1.newest?.nt === open.ntSeen + 1 ? s1.newest.tn : open.tn;
  const order = { ...open, tn };
  switch (judgeLostOrder(s1, order)) {
    case 'void':
      return false;
    case 'executed': {
      const proof = await getRecord(channel, open.ntSeen + 1);
      expect(isRecordOf(proof.record, order, terminals.pos.certificate, proof.record.unit)).to.equal(true);
      expectProof(stage, proof);
      return true;
    }
    case 'ask-issuer':
      throw new Error('the card cannot say what became of the order');
  }
}

/** The purchase of 3.50 that is cancelled. */
const cancelled = { tn: 7, cents: 3_50n } as const;

export function cancel(source: CardSource): AnyFlow {
  return flow({
    name: 'cancel of the last purchase',
    start: knownCard(source, async (stage) => {
      await debit((await meet(stage.card, stage, 'pos')).channel, orderOf(cancelled.cents, cancelled.tn));
    }),
    run: async (link, stage) => undo(stage, await meet(link, stage, 'pos', true), 8),
    recover: async (link, stage) => {
      const meeting = await meet(link, stage, 'pos', true);
      const open = openOrder(stage, RecordType.cancel, 8, cancelled.cents, lastNt(stage) + 1);
      if (!(await isExecuted(stage, meeting, open))) await undo(stage, meeting, 9);
    },
    finish: async (link, stage) => {
      const totals = await totalsOf(link, stage);
      expect(totals.balances[pointsSlot]).to.deep.equal({ balance: balanceBefore(stage, pointsSlot) });
      expect(totals.cancels).to.equal(livedOf(stage).totals.cancels + 1);
      await expectEuros(link, stage, 0n);
    },
    named: [pairSlotEmpty],
  });
}

async function undo(stage: Stage, { channel }: Meeting, tn: number): Promise<void> {
  const { certificate, signer } = terminals.pos;
  const numbers = { cancelledNt: lastNt(stage) + 1, cancelledTn: cancelled.tn, tn };
  const terms = { slot: euroSlot, amount: moneyToWire(orderOf(cancelled.cents, 0).amount) };
  const order = {
    scheme: schemeId,
    cardId: stage.card.cardId,
    terminalId: certificate.terminalId,
    ...numbers,
    ...terms,
  };
  const signature = signCancelOrder(order, signer);
  await exchange(channel, commands.CANCEL_LAST, { ...terms, ...numbers, time: startTime, signature });
}
