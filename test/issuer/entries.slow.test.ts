import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { Authority, Outcome } from '../../host/protocol/generated/enums.js';
import { entryAnswerCodec } from '../../host/protocol/generated/structures.js';
import type { EntryAnswer } from '../../host/protocol/issuer/port.js';
import { keysOf } from '../../host/protocol/scheme.js';
import { verifyEntryAnswer } from '../../host/protocol/signed/entry-answer.js';
import { scheme } from '../helpers/scheme.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';
import { expectRefusal } from './refusals.js';
import { onEachDatabase } from './each-database.js';

onEachDatabase('An order whose answer never came', (open) => {
  let site: SoftIssuer;
  let pos: SoftPos;
  let card: SoftCard;
  const ask = (tn: number, ntSeen: number): Promise<EntryAnswer> =>
    site.port.entryAnswer({ terminalId: pos.identity.certificate.terminalId, cardId: card.cardId, tn, ntSeen });

  before(async () => (site = await open()));
  beforeEach(async () => {
    pos = await site.pos();
    card = await site.fundedCard(50_00);
  });
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  it('[M2] was executed when the log has its record; the answer is signed and stays the same', async () => {
    const { record } = pos.debit(card, 0, 3_50);
    expect(await ask(1, 1)).to.deep.include({ status: 'unknown' });
    await site.synchronise(card);
    const answer = await ask(1, 1);
    if (answer.status !== 'executed') return expect.fail(answer.status);
    expect(answer.record).to.deep.equal(record);
    expect(answer.s3).to.have.length(0);
    const fields = entryAnswerCodec.decode(answer.answer);
    const [key] = keysOf(scheme, Authority.order);
    expect(verifyEntryAnswer(fields, answer.signature, key?.point ?? new Uint8Array())).to.equal(true);
    expect(fields).to.deep.include({ tn: 1, ntSeen: 1, outcome: Outcome.sold, record });
    expect(await ask(1, 1)).to.deep.equal(answer);
  });

  it('is claimed on the issuer’s word alone, without S3', async () => {
    const proof = pos.debit(card, 0, 3_50);
    await site.synchronise(card);
    const answer = await ask(1, 1);
    if (answer.status !== 'executed') return expect.fail(answer.status);
    pos.note(Outcome.sold, { ...proof, s3: answer.s3 });
    await site.port.uploadBatch(pos.close());
    const merchants = (await settle(site.issuer)).merchants.map(({ paid }) => paid.amount);
    expect(merchants).to.include(3_50n);
  });

  it('comes with its S3 where another upload brought one', async () => {
    const proof = pos.sell(card, 0, 3_50);
    await site.port.uploadBatch(pos.close());
    expect(await ask(1, 1)).to.deep.include({ status: 'executed', s3: proof.s3 });
  });

  it('was never executed when its number on the card is another record’s', async () => {
    const other = await site.pos();
    other.sell(card, 0, 1_00);
    await site.port.uploadBatch(other.close());
    const answer = await ask(1, 1);
    if (answer.status !== 'void') return expect.fail(answer.status);
    expect(entryAnswerCodec.decode(answer.answer)).to.deep.include({ outcome: Outcome.void, record: new Uint8Array() });
  });

  it('is void for ever when no record has come by the end of the window; a late one pays the holder', async () => {
    const proof = pos.debit(card, 0, 3_50);
    const first = await ask(1, 1);
    expect(first).to.deep.equal({ status: 'unknown', askAfter: site.clock.now + 30 * day });
    site.clock.advance(29 * day);
    expect((await ask(1, 1)).status).to.equal('unknown');
    site.clock.advance(2 * day);
    const answer = await ask(1, 1);
    expect(answer.status).to.equal('void');
    await site.synchronise(card);
    expect(await ask(1, 1)).to.deep.equal(answer);
    pos.note(Outcome.sold, proof);
    await site.port.uploadBatch(pos.close());
    expect(await site.findings(pos.identity.certificate.terminalId)).to.deep.equal(['void-but-claimed']);
    await settle(site.issuer);
    expect(site.bank.done.get(`pay-out ${toHex(card.cardId)}/holder/2`)?.money.amount).to.equal(3_50n);
  });

  it('is asked about with one NT, by a registered POS, for a card of this issuer', async () => {
    await ask(1, 1);
    await expectRefusal(ask(1, 4), 'conflict', /NT 1 instead of 4/);
    const { terminalId } = pos.identity.certificate;
    await expectRefusal(
      site.port.entryAnswer({ terminalId, cardId: new Uint8Array(8), tn: 1, ntSeen: 1 }),
      'unknown-card',
    );
    const stranger = { terminalId: new Uint8Array(8), cardId: card.cardId, tn: 1, ntSeen: 1 };
    await expectRefusal(site.port.entryAnswer(stranger), 'unknown-terminal');
    const kiosk = { ...stranger, terminalId: site.kiosk.certificate.terminalId };
    await expectRefusal(site.port.entryAnswer(kiosk), 'rejected', /role pos/);
  });

  it('that was a cancel is answered like a debit', async () => {
    pos.debit(card, 0, 3_50);
    const { proof } = pos.undo(card);
    await site.synchronise(card);
    expect(await ask(2, 2)).to.deep.include({ status: 'executed', record: proof.record });
  });
});
