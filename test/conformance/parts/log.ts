/** The log, and what seals it. */
import { expect } from 'chai';
import { getLogStatement, getRecord } from '../../../host/protocol/commands/get-proof.js';
import { readCancelOrder, readRecordsBetween, readTotals } from '../../../host/protocol/commands/read-log.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { RecordType, StatementPurpose } from '../../../host/protocol/generated/enums.js';
import { emptyLogHash, runningHash } from '../../../host/protocol/proofs/running-hash.js';
import { proveStatement } from '../../../host/protocol/proofs/statement.js';
import { verifyCancelOrder } from '../../../host/protocol/signed/cancel-order.js';
import { euroSlot, pointsSlot } from '../../helpers/personalize.js';
import { refused } from '../../helpers/refused.js';
import { schemeId } from '../../helpers/scheme.js';
import { terminals } from '../story.js';
import type { Story } from '../story.js';

export function logPart(story: Story): void {
  it('gives all records to a desk, the same as it signed [R14] [M11]', async () => {
    const session = await story.open('desk');
    expect(await readRecordsBetween(session, 1, story.nt)).to.deep.equal(story.records);
  });

  it('adds up to its balances [M1]', async () => {
    const { balances, nt } = await readTotals(await story.open('desk'));
    expect(nt).to.equal(story.nt);
    expect(balances[euroSlot]).to.deep.equal({ balance: Number(story.balance(euroSlot)) });
    expect(balances[pointsSlot]).to.deep.equal({ balance: Number(story.balance(pointsSlot)) });
  });

  it('seals them with one signature over the running hash [R14]', async () => {
    const session = await story.open('desk');
    const proof = proveStatement(session.card, StatementPurpose.log, await getLogStatement(session));
    expect(proof.statement.runningHash).to.deep.equal(runningHash(emptyLogHash, story.records));
  });

  it('keeps the order of a cancel, which the POS signed [R13]', async () => {
    const kept = await readCancelOrder(await story.open('desk'), 0);
    const cancel = story.records.find(({ type }) => type === RecordType.cancel);
    if (!cancel) throw new Error('nothing was cancelled');
    const { terminalId, point } = terminals.pos.certificate;
    const { cancelledNt, cancelledTn, tn, signature } = kept;
    const order = { scheme: schemeId, cardId: story.cardId, terminalId, cancelledNt, cancelledTn, tn };
    const { slot, amount } = cancel;
    expect(verifyCancelOrder({ ...order, slot, amount }, signature, point)).to.equal(true);
  });

  it('shows a kiosk the log with the PIN only, and a POS never [R10]', async () => {
    const kiosk = await story.open('kiosk');
    await refused(readTotals(kiosk), 'securityStatus', 'pinRequired');
    await verifyPin(kiosk, story.pin);
    await readTotals(kiosk);
    await readTotals(kiosk);
    const rival = await story.open('rival');
    await refused(readTotals(rival), 'securityStatus', 'role');
    await refused(getRecord(rival, 2), 'securityStatus', 'role');
  });

  it('has no record of a number to come', async () => {
    await refused(getRecord(await story.open('desk'), story.nt + 1), 'recordNotFound');
  });
}
