/** A POS asks for more than its business: other slots, other shops’ records, the log, the totals, with the holder's PIN or without. */
import { expect } from 'chai';
import { toHex } from '../../host/protocol/codec/bytes.js';
import {
  getBlockStatement,
  getClosingStatement,
  getLogStatement,
  getRecord,
} from '../../host/protocol/commands/get-proof.js';
import { putOrder } from '../../host/protocol/commands/put-order.js';
import { readCancelOrder, readRecords, readTotals } from '../../host/protocol/commands/read-log.js';
import { select } from '../../host/protocol/commands/select.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { Role } from '../../host/protocol/generated/enums.js';
import type { PurseSession } from '../../host/protocol/session/session.js';
import { freshCard, funds, lastingTerminal } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { changingNothing } from '../helpers/expectations.js';
import { dollarSlot, euroSlot, holderPin, pointsSlot } from '../helpers/personalize.js';
import { refused } from '../helpers/refused.js';
import { euro } from '../helpers/scheme.js';
import { Wiretap } from './support/conversation.js';
import { Till } from './support/till.js';

const desk = lastingTerminal(Role.perso);
const kiosk = lastingTerminal(Role.load);

describe('A shop', () => {
  let card: TestCard;
  let till: Till;
  let other: Till;

  beforeEach(async () => {
    card = await freshCard('active');
    till = new Till();
    other = new Till('the shop next door');
    await other.pay(await other.open(card), other.order(7_77n));
    await till.pay(await till.open(card), till.order(1_00n));
  });

  async function priesInVain(session: PurseSession): Promise<void> {
    await changingNothing(card, async () => {
      for (const pry of [readTotals, getLogStatement]) await refused(pry(session), 'securityStatus', 'role');
      await refused(readRecords(session, 1), 'securityStatus', 'role');
      await refused(readCancelOrder(session, 0), 'securityStatus', 'role');
    });
  }

  for (const withPin of [false, true]) {
    it(`[M6] ${withPin ? 'with the holder’s PIN' : 'without PIN'} gets neither log, nor totals, nor cancel orders, nor a statement`, async () => {
      const session = await till.open(card);
      if (withPin) await verifyPin(session, holderPin);
      await priesInVain(session);
    });

    it(`[M6] ${withPin ? 'with the holder’s PIN' : 'without PIN'} gets its own records proved, and no other’s`, async () => {
      const session = await till.open(card);
      if (withPin) await verifyPin(session, holderPin);
      expect((await getRecord(session, 4)).record.amount).to.equal(1_00);
      for (const nt of [1, 2, 3]) await refused(getRecord(session, nt), 'securityStatus', 'role');
      for (const nt of [0, 5, 0xffffffff]) await refused(getRecord(session, nt), 'recordNotFound');
    });
  }

  it('[M6] sees in S1 the slot it asks for, and its own newest record, not the one next door', async () => {
    await other.pay(await other.open(card), other.order(5_55n));
    const { s1 } = await till.open(card, { slot: dollarSlot });
    expect(s1.balance.amount).to.equal(funds.dollar);
    expect(s1.newest).to.include({ nt: 4, amount: 1_00n });
    expect(s1.load).to.equal(undefined);
  });

  it('[M6] sees no balance of a unit that its certificate does not grant, nor what it may take of it', async () => {
    const modest = new Till('modest', { limits: [{ unit: euro.code, limit: 50_00 }] });
    const tap = new Wiretap(card);
    for (const slot of [dollarSlot, pointsSlot]) {
      for (const full of [true, false]) {
        const { s1 } = await modest.open(tap, { slot, full });
        expect(s1.balance.amount).to.equal(0n);
        expect(s1.headroom?.transaction.amount).to.equal(0n);
        expect(s1.headroom?.offline.amount).to.equal(0n);
      }
    }
    expect((await modest.open(card, { slot: euroSlot })).s1.balance.amount).to.equal(funds.euro - 8_77n);
  });

  it('[M6] [M12] debits no unit that its certificate does not grant, and no more than it grants', async () => {
    const modest = new Till('modest', { limits: [{ unit: euro.code, limit: 50_00 }] });
    const session = await modest.open(card);
    await changingNothing(card, async () => {
      await refused(modest.pay(session, modest.order(1_00n, { slot: dollarSlot })), 'incorrectData', 'unit');
      await refused(modest.pay(session, modest.order(1n, { slot: pointsSlot })), 'incorrectData', 'unit');
      await refused(modest.pay(session, modest.order(50_01n)), 'conditions', 'terminalLimit');
    });
  });

  it('[M6] learns from a block statement that the card was blocked, and nothing else', async () => {
    const session = await till.open(card);
    await refused(getBlockStatement(session), 'recordNotFound');
    const answer = await putOrder(session, card.orders.block(1));
    if (answer.kind !== 'blocked') throw new Error(answer.kind);
    expect(Object.keys(answer.proof.statement)).to.have.members(['blockNumber', 'nt']);
  });

  it('[M6] gets no closing statement of a card that is not retired', async () => {
    for (const identity of [till.identity, kiosk, desk]) {
      await refused(getClosingStatement(await card.open(identity)), 'conditions', 'lifeCycle');
    }
  });
});

describe('A kiosk without the holder’s PIN', () => {
  it('[M6] gets its own records and none of the shops’', async () => {
    const card = await freshCard('active');
    const till = new Till();
    await till.pay(await till.open(card), till.order(1_00n));
    const session = await card.open(kiosk);
    await changingNothing(card, async () => {
      for (const pry of [readTotals, getLogStatement]) await refused(pry(session), 'securityStatus', 'pinRequired');
      await refused(readRecords(session, 1), 'securityStatus', 'pinRequired');
      await refused(readCancelOrder(session, 0), 'securityStatus', 'pinRequired');
      await refused(getRecord(session, 3), 'securityStatus', 'pinRequired');
    });
    await verifyPin(session, holderPin);
    expect((await readRecords(session, 1)).map(({ nt }) => nt)).to.deep.equal([1, 2, 3]);
    expect((await readTotals(session)).nt).to.equal(3);
  });
});

describe('SELECT', () => {
  it('[M6] tells two issued cards apart in nothing', async () => {
    const answers = [];
    for (const name of ['one', 'two']) {
      const card = await freshCard('active', name);
      const tap = new Wiretap(card);
      await select(tap);
      answers.push(toHex(tap.at(0).answer));
    }
    expect(answers[0]).to.equal(answers[1]);
  });
});
