/** Whoever sits on the wire keeps a debit order, lets the terminal draw its conclusions, and delivers it later. */
import { expect } from 'chai';
import { select } from '../../host/protocol/commands/select.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { RecordType } from '../../host/protocol/generated/enums.js';
import { judgeLostOrder } from '../../host/protocol/proofs/lost-order.js';
import type { OpenOrder } from '../../host/protocol/proofs/lost-order.js';
import { freshCard } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { changingNothing, lost } from '../helpers/expectations.js';
import { statusOf } from './support/conversation.js';
import { Till, seenIn } from './support/till.js';

const ok = 0x9000;

interface HeldBack {
  /** As the terminal sent it. */
  readonly command: Uint8Array;
  /** As its journal has it. */
  readonly order: OpenOrder;
}

async function heldBack(card: TestCard, till: Till): Promise<HeldBack> {
  let command = new Uint8Array(0);
  const session = await till.open({
    transmit: (sent) => {
      if (sent[1] !== commands.DEBIT.ins) return card.transmit(sent);
      command = sent.slice();
      return Promise.reject(new Error('the link broke'));
    },
  });
  const { slot, tn, amount, time } = till.order(3_50n);
  await lost(till.pay(session, { slot, tn, amount, time }), 'unknown');
  const { nt: ntSeen } = seenIn(session);
  return {
    command,
    order: { type: RecordType.purchase, cardId: card.cardId, tn, slot, amount: amount.amount, ntSeen },
  };
}

async function deliveredLate(card: TestCard, { command }: HeldBack): Promise<void> {
  await changingNothing(card, async () => {
    expect(statusOf(await card.transmit(command))).to.not.equal(ok);
  });
}

describe('A debit order that is held back', () => {
  let card: TestCard;
  let till: Till;
  let held: HeldBack;

  beforeEach(async () => {
    card = await freshCard('active');
    till = new Till();
    held = await heldBack(card, till);
  });

  it('[M2] is executed when it arrives while its session lives, and the terminal finds that out', async () => {
    expect(statusOf(await card.transmit(held.command))).to.equal(ok);
    const { s1 } = await till.open(card);
    expect(judgeLostOrder(s1, held.order)).to.equal('executed');
    await deliveredLate(card, held);
  });

  for (const full of [true, false]) {
    it(`[R12] [M2] is dead once the terminal has seen NT unchanged in a ${full ? 'full' : 'resumed'} session: it is never executed`, async () => {
      const { s1 } = await till.open(card, { full });
      expect(judgeLostOrder(s1, held.order)).to.equal('void');
      await deliveredLate(card, held);
    });
  }

  it('[M2] is dead once another terminal has met the card, and does not come between its orders', async () => {
    const other = new Till('two');
    const session = await other.open(card);
    await deliveredLate(card, held);
    await lost(other.pay(session, other.order(1_00n)), 'unknown');
    await other.pay(await other.open(card), other.order(1_00n));
  });

  it('[M7] is refused after SELECT, after a reset, and after power was off', async () => {
    await select(card);
    await deliveredLate(card, held);
    await card.card.reset();
    await select(card);
    await deliveredLate(card, held);
    await card.card.powerOff();
    await card.card.powerOn();
    await select(card);
    await deliveredLate(card, held);
  });
});
