/** The protocol library against the real applet: every command, and what it proves. */
import { expect } from 'chai';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { money } from '../../host/protocol/codec/money.js';
import type { Money } from '../../host/protocol/codec/money.js';
import { cancelLast } from '../../host/protocol/commands/cancel-last.js';
import { cancelLoad } from '../../host/protocol/commands/cancel-load.js';
import { changePin } from '../../host/protocol/commands/change-pin.js';
import { credit } from '../../host/protocol/commands/credit.js';
import { debit } from '../../host/protocol/commands/debit.js';
import type { DebitOrder } from '../../host/protocol/commands/debit.js';
import {
  getBlockStatement,
  getClosingStatement,
  getLogStatement,
  getRecord,
} from '../../host/protocol/commands/get-proof.js';
import { initLoad } from '../../host/protocol/commands/init-load.js';
import { putOrder, putPinReset } from '../../host/protocol/commands/put-order.js';
import { readCancelOrder, readRecordsBetween, readTotals } from '../../host/protocol/commands/read-log.js';
import { select } from '../../host/protocol/commands/select.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { isCardError } from '../../host/protocol/errors.js';
import type { CardError } from '../../host/protocol/errors.js';
import {
  KeyRef,
  LifeCycle,
  LoadState,
  LoadType,
  RecordType,
  Role,
  StatementPurpose,
} from '../../host/protocol/generated/enums.js';
import { judgeLostOrder } from '../../host/protocol/proofs/lost-order.js';
import { proveCancel, provePurchase } from '../../host/protocol/proofs/order.js';
import { isProved, proveCredit } from '../../host/protocol/proofs/record.js';
import { emptyLogHash, runningHash } from '../../host/protocol/proofs/running-hash.js';
import { proveBlockStatement, proveStatement } from '../../host/protocol/proofs/statement.js';
import type { PurseSession } from '../../host/protocol/session/session.js';
import { verifyCancelOrder } from '../../host/protocol/signed/cancel-order.js';
import { freshCard, funds, lastingTerminal, load, openWith } from '../helpers/cards.js';
import { euroSlot, firstParameters, holderPin, pointsSlot } from '../helpers/personalize.js';
import {
  MemoryPairs,
  authoritySigner,
  euro,
  keyIdOf,
  points,
  schemeId,
  startTime,
  terminal,
} from '../helpers/scheme.js';

const pos = terminal(Role.pos);
const kiosk = lastingTerminal(Role.load);
const desk = lastingTerminal(Role.perso);

function euros(cents: bigint): Money {
  return money(cents, euro);
}

function orderOf(amount: Money, tn: number, slot: number = euroSlot): DebitOrder {
  return { slot, amount, tn, time: startTime };
}

function seenBy({ s1 }: PurseSession): { nt: number; balance: bigint } {
  return { nt: s1.nt, balance: s1.balance.amount };
}

async function refusal(promise: Promise<unknown>): Promise<CardError> {
  const error = await promise.then(
    () => expect.fail('the card did not refuse'),
    (reason: unknown) => reason,
  );
  if (!isCardError(error, 'refused')) throw error;
  expect(error.moneyMoved).to.equal('no');
  return error;
}

describe('With the applet, a session', () => {
  it('[R6] [R7] [R10] [M6] is full at the first meeting and resumed ever after', async () => {
    const card = await freshCard();
    const pairs = new MemoryPairs();
    const first = await card.open(pos, { pairs });
    expect([first.kind, toHex(first.card.cardId)]).to.deep.equal(['full', toHex(card.cardId)]);
    expect(first.s1.balance).to.deep.equal(euros(funds.euro));
    for (let meeting = 0; meeting < 3; meeting++) {
      const again = await card.open(pos, { pairs });
      expect(again.kind).to.equal('resumed');
      expect(again.s1).to.deep.equal(first.s1);
    }
  });

  it('shows a kiosk the load register, and a POS its headroom and no more', async () => {
    const card = await freshCard();
    const atKiosk = (await card.open(kiosk)).s1;
    expect(atKiosk.headroom).to.equal(undefined);
    expect(atKiosk.load).to.include({ counter: 2, state: LoadState.credited, type: LoadType.load });
    const atPos = (await card.open(pos)).s1;
    expect(atPos.load).to.equal(undefined);
    expect(atPos.headroom?.withoutPin).to.deep.equal(euros(BigInt(firstParameters.slots[0]!.pinlessSingle)));
    expect(atPos.newest).to.equal(undefined);
  });

  it('[M6] is not opened for a terminal the CA did not sign, or whose key is another’s', async () => {
    const card = await freshCard();
    const forged = terminal(Role.pos, 'forged', { ca: authoritySigner('cardCa') });
    expect((await refusal(card.open(forged))).command).to.equal('PRESENT_CERTIFICATE');
    const copied = { certificate: pos.certificate, signer: kiosk.signer };
    expect((await refusal(card.open(copied))).command).to.equal('OPEN_SESSION_FULL');
    const wrongCa = terminal(Role.pos, 'next', { authority: keyIdOf('posCa', 2), ca: authoritySigner('posCa', 2) });
    await refusal(card.open(wrongCa));
  });
});

describe('With the applet, a payment', () => {
  it('[R2] [R13] is proved by S3 over the record the terminal rebuilds', async () => {
    const card = await freshCard();
    const session = await card.open(pos);
    const order = orderOf(euros(3_50n), 1);
    const { record, s3 } = provePurchase(
      session.card,
      pos.certificate,
      order,
      seenBy(session),
      await debit(session, order),
    );
    expect(record).to.include({ nt: 3, balance: Number(funds.euro - 3_50n), points: 3, flags: 0 });
    const again = await card.open(pos);
    expect(again.s1.nt).to.equal(3);
    expect(again.s1.newest).to.deep.equal({ nt: 3, type: RecordType.purchase, tn: 1, slot: 0, amount: 3_50n });
    const proof = await getRecord(again, 3);
    expect(proof.record).to.deep.equal(record);
    expect(isProved(again.card, proof) && isProved(again.card, { record, s3 })).to.equal(true);
  });

  it('[R9] above the limit without PIN takes the PIN, once', async () => {
    const card = await freshCard();
    const session = await card.open(pos);
    const order = orderOf(euros(30_00n), 1);
    expect((await refusal(debit(session, order))).reasonName).to.equal('pinRequired');
    expect((await refusal(verifyPin(session, '1111'))).pinTriesLeft).to.equal(4);
    await verifyPin(session, holderPin);
    const answer = await debit(session, order);
    expect(provePurchase(session.card, pos.certificate, order, seenBy(session), answer).record.flags).to.equal(1);
    expect((await refusal(debit(session, orderOf(euros(30_00n), 2)))).reasonName).to.equal('pinRequired');
  });

  it('spends points as a unit of their own', async () => {
    const card = await freshCard();
    const first = await card.open(pos);
    await debit(first, orderOf(euros(20_00n), 1));
    const session = await card.open(pos, { slot: pointsSlot });
    expect(session.s1.balance).to.deep.equal(money(20n, points));
    const order = orderOf(money(15n, points), 2, pointsSlot);
    const { record } = provePurchase(
      session.card,
      pos.certificate,
      order,
      seenBy(session),
      await debit(session, order),
    );
    expect(record).to.include({ balance: 5, points: 0, pointsBalance: 5 });
  });

  it('[M2] whose order never reached the card is void; one whose answer was lost is executed, and provable', async () => {
    for (const delivered of [false, true]) {
      const card = await freshCard();
      const link = new BreakingLink(card);
      const session = await openWith(link, pos);
      const { nt: ntSeen } = session.s1;
      link.breaks = delivered ? 'after' : 'before';
      const error = await debit(session, orderOf(euros(1_00n), 7)).catch((reason: unknown) => reason);
      expect(error).to.include({ code: 'lost', moneyMoved: 'unknown' });
      const { s1, card: certificate } = await card.open(pos);
      const entry = { type: RecordType.purchase, cardId: certificate.cardId, tn: 7, slot: 0, amount: 1_00n, ntSeen };
      expect(judgeLostOrder(s1, entry)).to.equal(delivered ? 'executed' : 'void');
    }
  });

  it('[R2] is cancelled whole by the terminal that took it, in a full session, once', async () => {
    const card = await freshCard();
    const pairs = new MemoryPairs();
    await debit(await card.open(pos, { pairs }), orderOf(euros(3_50n), 1));
    const request = { ...orderOf(euros(3_50n), 2), cancelledNt: 3, cancelledTn: 1 };
    const resumed = await card.open(pos, { pairs });
    expect((await refusal(cancelLast(resumed, request))).reasonName).to.equal('fullSession');
    const session = await card.open(pos, { pairs, full: true });
    const answer = await cancelLast(session, request);
    const { record } = proveCancel(session.card, pos.certificate, request, seenBy(session), answer);
    expect(record).to.include({ type: RecordType.cancel, nt: 4, ref: 3, balance: Number(funds.euro), points: 3 });
    expect((await refusal(cancelLast(session, { ...request, tn: 3 }))).reasonName).to.equal('notLast');
    const kept = await readCancelOrder(await card.open(desk), 0);
    const order = {
      scheme: schemeId,
      cardId: card.cardId,
      terminalId: pos.certificate.terminalId,
      slot: 0,
      amount: 3_50,
    };
    const { cancelledNt, cancelledTn, tn, signature } = kept;
    expect(verifyCancelOrder({ ...order, cancelledNt, cancelledTn, tn }, signature, pos.certificate.point)).to.equal(
      true,
    );
  });

  it('is cancelled by no other terminal', async () => {
    const card = await freshCard();
    await debit(await card.open(pos), orderOf(euros(3_50n), 1));
    const session = await card.open(terminal(Role.pos, 'two'));
    const request = { ...orderOf(euros(3_50n), 2), cancelledNt: 3, cancelledTn: 1 };
    expect((await refusal(cancelLast(session, request))).reasonName).to.equal('notLast');
  });
});

describe('With the applet, a load', () => {
  it('[R1] [M3] is credited once, and its proof is given again and again', async () => {
    const card = await freshCard();
    const session = await card.open(kiosk);
    await verifyPin(session, holderPin);
    const asked = { type: LoadType.load, slot: euroSlot, amount: euros(20_00n), time: startTime };
    const statement = proveStatement(session.card, StatementPurpose.initLoad, await initLoad(session, asked)).statement;
    const { fields, signature } = card.orders.authorise(statement, startTime);
    const first = proveCredit(session.card, fields, await credit(session, fields, signature));
    expect(first.record.balance).to.equal(Number(funds.euro + 20_00n));
    const other = await card.open(lastingTerminal(Role.load, 'other kiosk'));
    const again = proveCredit(other.card, fields, await credit(other, fields, signature));
    expect(again.record).to.deep.equal(first.record);
    expect(other.s1.balance).to.deep.equal(euros(funds.euro + 20_00n));
  });

  it('[M3] takes no authorisation of another key, amount, card or load', async () => {
    const card = await freshCard();
    const session = await card.open(kiosk);
    await verifyPin(session, holderPin);
    const asked = { type: LoadType.load, slot: euroSlot, amount: euros(20_00n), time: startTime };
    const { statement } = await initLoad(session, asked);
    const wrong = [
      card.orders.authorise(statement, startTime, {}, authoritySigner('order')),
      card.orders.authorise(statement, startTime, {}, authoritySigner('credit', 2)),
      card.orders.authorise(statement, startTime, { amount: 20_01 }),
      card.orders.authorise(statement, startTime, { cardId: new Uint8Array(8) }),
      card.orders.authorise(statement, startTime, { counter: statement.register.counter + 1 }),
      card.orders.authorise(statement, startTime, { random: new Uint8Array(8) }),
    ];
    for (const { fields, signature } of wrong) await refusal(credit(session, fields, signature));
    expect((await card.open(kiosk)).s1.balance).to.deep.equal(euros(funds.euro));
  });

  it('given up is given up for ever; credited, it says so', async () => {
    const card = await freshCard();
    const session = await card.open(kiosk);
    await verifyPin(session, holderPin);
    const asked = { type: LoadType.unload, slot: euroSlot, amount: euros(20_00n), time: startTime };
    const { statement } = await initLoad(session, asked);
    const { counter } = statement.register;
    const ended = await cancelLoad(session, counter);
    if (ended.kind !== 'statement') return expect.fail('the load was credited');
    const proof = proveStatement(session.card, StatementPurpose.register, ended.proof);
    expect(proof.statement.register).to.include({ counter, state: LoadState.cancelled });
    const { fields, signature } = card.orders.authorise(statement, startTime);
    expect((await refusal(credit(session, fields, signature))).reasonName).to.equal('noLoad');

    await load(session, card.orders, euroSlot, 5_00n);
    const credited = await cancelLoad(session, counter + 1);
    expect(credited.kind).to.equal('credited');
    if (credited.kind === 'credited') expect(isProved(session.card, credited.proof)).to.equal(true);
  });

  it('[R14] leaves a log whose running hash the card signs', async () => {
    const card = await freshCard();
    await debit(await card.open(pos), orderOf(euros(1_00n), 1));
    const session = await card.open(desk);
    const { statement } = proveStatement(session.card, StatementPurpose.log, await getLogStatement(session));
    const records = await readRecordsBetween(session, 1, statement.nt);
    expect(records.map(({ type }) => type)).to.deep.equal([RecordType.load, RecordType.load, RecordType.purchase]);
    expect(toHex(runningHash(emptyLogHash, records))).to.equal(toHex(statement.runningHash));
    const totals = await readTotals(session);
    expect(totals.balances.map(({ balance }) => balance)).to.deep.equal([
      Number(funds.euro) - 1_00,
      Number(funds.dollar),
      1,
    ]);
    expect(totals.parameters).to.deep.equal(firstParameters);
  });
});

describe('With the applet, orders of the issuer', () => {
  it('[R16] [R17] block a card from any terminal, after which a desk alone opens it', async () => {
    const card = await freshCard();
    const session = await card.open(pos);
    const taken = await putOrder(session, card.orders.block(1));
    if (taken.kind !== 'blocked') return expect.fail('the order was not taken');
    expect(proveBlockStatement(session.card, taken.proof).statement).to.deep.equal({ blockNumber: 1, nt: 2 });
    expect((await select(card)).state).to.equal(LifeCycle.blocked);
    for (const identity of [pos, kiosk]) await refusal(card.open(identity));
    const atDesk = await card.open(desk);
    expect(atDesk.s1.blocked).to.equal(true);
    expect((await getBlockStatement(atDesk)).statement.blockNumber).to.equal(1);
    await putOrder(atDesk, card.orders.unblock(1, 1));
    expect((await select(card)).state).to.equal(LifeCycle.active);
    const replayed = await refusal(putOrder(await card.open(pos), card.orders.block(1)));
    expect(replayed.reasonName).to.equal('stale');
  });

  it('[R16] give a card with a forgotten PIN a new one', async () => {
    const card = await freshCard();
    const session = await card.open(pos);
    for (let left = 4; left > 0; left--)
      expect((await refusal(verifyPin(session, '0000'))).pinTriesLeft).to.equal(left);
    await refusal(verifyPin(session, '0000'));
    expect((await select(card)).state).to.equal(LifeCycle.blocked);
    await putPinReset(await card.open(desk), card.orders.pinReset(1), '97531');
    const atPos = await card.open(pos);
    expect((await refusal(verifyPin(atPos, holderPin))).pinTriesLeft).to.equal(4);
    await verifyPin(atPos, '97531');
    const atKiosk = await card.open(kiosk);
    await changePin(atKiosk, '97531', holderPin);
    await verifyPin(atKiosk, holderPin);
  });

  it('retire a card, which then says what it is owed as often as it is asked', async () => {
    const card = await freshCard();
    const session = await card.open(desk);
    const taken = await putOrder(session, card.orders.retire(1));
    if (taken.kind !== 'retired') return expect.fail('the order was not taken');
    const closing = proveStatement(session.card, StatementPurpose.closing, taken.proof).statement;
    expect(closing.balances.map(({ balance }) => BigInt(balance))).to.deep.equal([funds.euro, funds.dollar, 0n]);
    const again = await card.open(desk);
    expect(again.s1.retired).to.equal(true);
    const asked = proveStatement(again.card, StatementPurpose.closing, await getClosingStatement(again));
    expect(asked.statement).to.deep.equal(closing);
    await refusal(card.open(pos));
  });

  it('change parameters and keys, in the order of their counter', async () => {
    const card = await freshCard();
    const session = await card.open(desk);
    await putOrder(session, card.orders.parameters(1, { ...firstParameters, version: 2 }));
    const stale = await refusal(putOrder(session, card.orders.keySwitch(1, KeyRef.posCa)));
    expect(stale.reasonName).to.equal('stale');
    await putOrder(session, card.orders.keySwitch(2, KeyRef.posCa));
    expect(session.over).to.equal(true);
    expect((await readTotals(await card.open(terminal(Role.perso, 'after')))).parameters.version).to.equal(2);
    await refusal(card.open(terminal(Role.pos, 'old CA')));
    const authority = { authority: keyIdOf('posCa', 2), ca: authoritySigner('posCa', 2) };
    expect((await card.open(terminal(Role.pos, 'new CA', authority))).kind).to.equal('full');
  });

  it('synchronise the card, which then says A and its date', async () => {
    const card = await freshCard();
    await debit(await card.open(pos), orderOf(euros(1_00n), 1));
    const session = await card.open(kiosk);
    await verifyPin(session, holderPin);
    const { nt, runningHash: hash } = (await getLogStatement(session)).statement;
    await putOrder(session, card.orders.sync({ acknowledged: nt, runningHash: hash, date: startTime + 60 }));
    const after = await card.open(desk);
    expect(after.s1.date).to.equal(startTime + 60);
    expect(await readTotals(after)).to.include({ acknowledged: nt, offlineCount: 0 });
  });

  it('are refused when anybody else signed them, or for another card', async () => {
    const card = await freshCard();
    const other = await freshCard('active', 'two');
    const session = await card.open(desk);
    const wrong = [
      card.orders.block(1, { signer: authoritySigner('credit') }),
      card.orders.block(1, { signer: desk.signer }),
      { ...card.orders.block(1), keyIndex: 1 as const },
      other.orders.block(1),
    ];
    for (const order of wrong) await refusal(putOrder(session, order));
    expect((await select(card)).state).to.equal(LifeCycle.active);
  });
});

/** A link that loses one command, or its answer. */
class BreakingLink implements CardChannel {
  breaks: 'never' | 'before' | 'after' = 'never';
  readonly #card: CardChannel;

  constructor(card: CardChannel) {
    this.#card = card;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.breaks === 'before') throw new Error('the card is gone');
    const answer = await this.#card.transmit(apdu);
    if (this.breaks === 'after') throw new Error('the card is gone');
    return answer;
  }
}
