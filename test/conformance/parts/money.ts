/** Load, payment, cancel, unload, PIN; every S3 is verified against a record that the terminal rebuilt itself. */
import { expect } from 'chai';
import { cancelLast } from '../../../host/protocol/commands/cancel-last.js';
import { cancelLoad } from '../../../host/protocol/commands/cancel-load.js';
import { changePin } from '../../../host/protocol/commands/change-pin.js';
import { credit } from '../../../host/protocol/commands/credit.js';
import { debit } from '../../../host/protocol/commands/debit.js';
import type { DebitOrder } from '../../../host/protocol/commands/debit.js';
import { getRecord } from '../../../host/protocol/commands/get-proof.js';
import { initLoad } from '../../../host/protocol/commands/init-load.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { commands } from '../../../host/protocol/generated/commands.js';
import { LoadState, LoadType } from '../../../host/protocol/generated/enums.js';
import { pinTries } from '../../../host/protocol/generated/parameters.js';
import { proveCancel, provePurchase } from '../../../host/protocol/proofs/order.js';
import type { CardSeen } from '../../../host/protocol/proofs/order.js';
import { isProved, proveCredit, sameRecord } from '../../../host/protocol/proofs/record.js';
import type { PurseSession } from '../../../host/protocol/session/session.js';
import type { Authorisation } from '../../helpers/orders.js';
import { euroSlot, pointsSlot } from '../../helpers/personalize.js';
import { refused } from '../../helpers/refused.js';
import { startTime } from '../../helpers/scheme.js';
import { Counted, euros, terminals } from '../story.js';
import type { Story } from '../story.js';

const pos = terminals.pos.certificate;

const seen = ({ s1 }: PurseSession): CardSeen => ({ nt: s1.nt, balance: s1.balance.amount });
const order = (cents: bigint, tn: number): DebitOrder => ({
  slot: euroSlot,
  amount: euros(cents),
  tn,
  time: startTime,
});

export function moneyPart(story: Story): void {
  /** The last authorisation of a load. */
  let authorisation: Authorisation | undefined;

  /** PIN, INIT LOAD, authorisation. */
  async function ask(session: PurseSession, type: LoadType, cents: bigint): Promise<Authorisation> {
    await verifyPin(session, story.pin);
    const { statement } = await initLoad(session, { type, slot: euroSlot, amount: euros(cents), time: startTime });
    return (authorisation = story.orders.authorise(statement, startTime));
  }

  it('is loaded with 50.00 under the issuer’s authorisation [R1] [M3]', async () => {
    const session = await story.open('kiosk');
    const { fields, signature } = await ask(session, LoadType.load, 50_00n);
    const { record } = proveCredit(session.card, fields, await credit(session, fields, signature));
    expect(record.balance).to.equal(50_00);
    story.keep(record);
  });

  it('applies an authorisation once, and answers a second time with the same record [M3]', async () => {
    const session = await story.open('kiosk');
    if (!authorisation) throw new Error('nothing was authorised');
    const again = await credit(session, authorisation.fields, authorisation.signature);
    expect(sameRecord(again.record, story.records.at(-1) ?? again.record)).to.equal(true);
    expect(session.s1.nt).to.equal(story.nt);
  });

  it('pays 3.50 at a known POS in three commands [R2]', async () => {
    const link = new Counted(await story.card());
    const session = await story.openOver(link, 'pos');
    const { record } = provePurchase(
      session.card,
      pos,
      order(3_50n, 1),
      seen(session),
      await debit(session, order(3_50n, 1)),
    );
    expect(link.instructions).to.deep.equal([
      commands.SELECT.ins,
      commands.OPEN_SESSION_RESUMED.ins,
      commands.DEBIT.ins,
    ]);
    expect(record).to.include({ balance: 46_50, points: 3, pointsBalance: 3 });
    story.keep(record);
  });

  it('signs it again when asked, and tells its POS what came last [M4]', async () => {
    const session = await story.open('pos');
    expect(session.s1.newest).to.include({ nt: story.nt, tn: 1, amount: 3_50n });
    const proof = await getRecord(session, story.nt);
    expect(isProved(session.card, proof)).to.equal(true);
    expect(sameRecord(proof.record, story.records.at(-1) ?? proof.record)).to.equal(true);
  });

  it('wants the PIN above the amount without, takes it for one payment, and counts wrong ones [R16] [M8]', async () => {
    const session = await story.open('pos');
    await refused(debit(session, order(25_01n, 2)), 'securityStatus', 'pinRequired');
    const error = await verifyPin(session, '9999').catch((e: unknown) => e);
    expect(error).to.have.property('pinTriesLeft', pinTries - 1);
    await verifyPin(session, story.pin);
    const answer = await debit(session, order(26_00n, 2));
    story.keep(provePurchase(session.card, pos, order(26_00n, 2), seen(session), answer).record);
    await refused(debit(session, order(25_01n, 3)), 'securityStatus', 'pinRequired');
    expect((await story.open('pos')).s1.pinTries).to.equal(pinTries);
  });

  it('cancels the last purchase, whole and once, in a full session [R13]', async () => {
    const { nt } = story;
    const request = { ...order(26_00n, 4), cancelledNt: nt, cancelledTn: 2 };
    await refused(cancelLast(await story.open('pos'), request), 'securityStatus', 'fullSession');
    const session = await story.open('pos', { full: true });
    const answer = await cancelLast(session, request);
    const { record } = proveCancel(session.card, pos, request, seen(session), answer);
    expect(record).to.include({ ref: nt, points: 26, balance: 46_50, pointsBalance: 3 });
    story.keep(record);
    await refused(cancelLast(session, request), 'conditions', 'notLast');
  });

  it('refuses more than it has, more than the POS may take, and nothing at all', async () => {
    const session = await story.open('pos');
    await verifyPin(session, story.pin);
    await refused(debit(session, order(46_51n, 5)), 'conditions', 'balance');
    await refused(debit(session, order(100_01n, 5)), 'conditions', 'terminalLimit');
    await refused(debit(session, order(0n, 5)), 'incorrectData', 'amount');
    expect((await story.open('pos')).s1.nt).to.equal(story.nt);
  });

  it('pays in points', async () => {
    const session = await story.open('pos', { slot: pointsSlot });
    const { balance } = session.s1;
    const inPoints = { slot: pointsSlot, amount: { ...balance, amount: 2n }, tn: 6, time: startTime };
    const { record } = provePurchase(session.card, pos, inPoints, seen(session), await debit(session, inPoints));
    expect(record).to.include({ balance: 1, points: 0 });
    story.keep(record);
  });

  it('is unloaded by 10.00 [R1]', async () => {
    const session = await story.open('kiosk');
    const { fields, signature } = await ask(session, LoadType.unload, 10_00n);
    const { record } = proveCredit(session.card, fields, await credit(session, fields, signature));
    expect(record.balance).to.equal(36_50);
    story.keep(record);
  });

  it('gives up a pending load, and takes its authorisation no more [M3]', async () => {
    const session = await story.open('kiosk');
    const { fields, signature } = await ask(session, LoadType.load, 7_00n);
    const end = await cancelLoad(session, fields.counter);
    expect(end.kind === 'statement' && end.proof.statement.register.state).to.equal(LoadState.cancelled);
    await refused(credit(session, fields, signature), 'conditions', 'noLoad');
    expect((await story.open('kiosk')).s1.load?.state).to.equal(LoadState.cancelled);
  });

  it('changes its PIN with the old one only', async () => {
    const session = await story.open('kiosk');
    const error = await changePin(session, '9999', '1111').catch((e: unknown) => e);
    expect(error).to.have.property('pinTriesLeft', pinTries - 1);
    await changePin(session, story.pin, '135790');
    story.pin = '135790';
    await verifyPin(await story.open('kiosk'), story.pin);
  });
}
