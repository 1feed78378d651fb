import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import { block } from '../../host/issuer/service/listing.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { Authority, Outcome } from '../../host/protocol/generated/enums.js';
import { batchAcknowledgementCodec, recordCodec } from '../../host/protocol/generated/structures.js';
import { keysOf } from '../../host/protocol/scheme.js';
import { verifyBatchAcknowledgement } from '../../host/protocol/signed/batch-acknowledgement.js';
import { signerFor } from '../helpers/keys.js';
import { scheme, schemeId } from '../helpers/scheme.js';
import type { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { SoftPos } from '../helpers/soft-pos.js';
import { expectRefusal } from './refusals.js';
import { onEachDatabase } from './each-database.js';
onEachDatabase('Clearing', (open) => {
  let site: SoftIssuer;
  let pos: SoftPos;
  let card: SoftCard;

  before(async () => (site = await open()));
  beforeEach(async () => {
    pos = await site.pos();
    card = await site.fundedCard(100_00);
  });
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  it('pays what was sold, once, and acknowledges with the same bytes as often as asked', async () => {
    pos.sell(card, 0, 3_50);
    pos.sell(card, 0, 1_00);
    const batch = pos.close();
    const first = await site.port.uploadBatch(batch);
    expect(await site.port.uploadBatch(batch)).to.deep.equal(first);
    expect(await site.owed(pos)).to.equal(4_50n);
    expect(await site.shadow(card)).to.deep.equal([95_50, 0, 4]);
    const { batchNumber, terminalId } = batchAcknowledgementCodec.decode(first.acknowledgement);
    expect([batchNumber, terminalId]).to.deep.equal([1, pos.identity.certificate.terminalId]);
    const [key] = keysOf(scheme, Authority.order);
    const fields = batchAcknowledgementCodec.decode(first.acknowledgement);
    expect(verifyBatchAcknowledgement(fields, first.signature, key?.point ?? new Uint8Array())).to.equal(true);
  });

  it('settles a merchant once; the next run has only what came since', async () => {
    pos.sell(card, 0, 3_50);
    await site.port.uploadBatch(pos.close());
    const float = await site.account('float');
    const first = await settle(site.issuer);
    const mine = first.merchants.filter(({ merchant }) => merchant === pos.merchant);
    expect(mine.map(({ sales, paid }) => [sales, paid.amount])).to.deep.equal([[1, 3_50n]]);
    expect(await site.owed(pos)).to.equal(0n);
    expect((await settle(site.issuer)).merchants).to.deep.equal([]);
    expect(float - (await site.account('float')) >= 3_50n).to.equal(true);
    pos.sell(card, 0, 2_00);
    await site.port.uploadBatch(pos.close());
    expect((await settle(site.issuer)).merchants.map(({ paid }) => paid.amount)).to.deep.equal([2_00n]);
  });

  it('takes points as a unit of their own', async () => {
    pos.sell(card, 0, 50_00);
    pos.sell(card, 2, 30);
    await site.port.uploadBatch(pos.close());
    expect(await site.owed(pos, 'PTS')).to.equal(30n);
    expect(await site.shadow(card)).to.deep.equal([50_00, 0, 20]);
    await settle(site.issuer);
    expect(await site.owed(pos, 'PTS')).to.equal(0n);
  });

  it('does not pay a cancelled sale', async () => {
    pos.sell(card, 0, 3_50);
    pos.cancel(card);
    await site.port.uploadBatch(pos.close());
    expect(await site.owed(pos)).to.equal(0n);
    expect(await site.results(pos)).to.deep.equal(['noted', 'noted']);
    expect(await site.shadow(card)).to.deep.equal([100_00, 0, 0]);
  });

  it('takes back from the merchant what he cancels after he claimed it, and nets it in the next settlement', async () => {
    pos.sell(card, 0, 3_50);
    await site.port.uploadBatch(pos.close());
    await settle(site.issuer);
    pos.cancel(card);
    await site.port.uploadBatch(pos.close());
    expect(await site.owed(pos)).to.equal(-3_50n);
    expect((await settle(site.issuer)).merchants).to.deep.equal([]);
    pos.sell(card, 0, 5_00);
    await site.port.uploadBatch(pos.close());
    const [line] = (await settle(site.issuer)).merchants;
    expect([line?.sold.amount, line?.reversed.amount, line?.paid.amount]).to.deep.equal([5_00n, 3_50n, 1_50n]);
  });

  it('[R13] convicts a merchant who settles what he cancelled, by his own signed order', async () => {
    const sale = pos.sell(card, 0, 3_50);
    const { proof } = pos.undo(card);
    await site.synchronise(card);
    pos.note(Outcome.void, proof, { tn: pos.lastTn, ntSeen: card.nt - 1 });
    expect(recordCodec.decode(sale.record).amount).to.equal(3_50);
    await site.port.uploadBatch(pos.close());
    expect(await site.owed(pos)).to.equal(0n);
    expect(await site.results(pos)).to.deep.equal(['cancelled-but-claimed', 'noted']);
    expect(await site.findings(pos.identity.certificate.terminalId)).to.deep.equal(['cancelled-but-claimed']);
    const orders = await site.issuer.store.db
      .selectFrom('cancel_order')
      .select(['cancelled_nt', 'tn'])
      .where('card_id', '=', toHex(card.cardId))
      .execute();
    expect(orders.map(({ cancelled_nt, tn }) => [cancelled_nt, tn])).to.deep.equal([[2n, 2n]]);
  });

  it('does not blame a terminal for a sale that it cancelled after it had closed the batch, though the card brings the cancel first', async () => {
    pos.sell(card, 0, 3_50);
    const closed = pos.close();
    pos.cancel(card);
    await site.synchronise(card);
    await site.port.uploadBatch(closed);
    await site.port.uploadBatch(pos.close());
    expect(await site.owed(pos)).to.equal(0n);
    expect(await site.results(pos)).to.deep.equal(['noted', 'noted']);
    expect(await site.findings(pos.identity.certificate.terminalId)).to.deep.equal([]);
    expect(await site.shadow(card)).to.deep.equal([100_00, 0, 0]);
  });

  it('[R13] refuses a log whose cancels come without the terminal’s order, or with another’s', async () => {
    pos.sell(card, 0, 3_50);
    pos.undo(card);
    const log = card.log();
    await expectRefusal(
      site.port.synchronise({ ...log, cancelOrders: [] }),
      'rejected',
      /order for the cancel 3 is missing/,
    );
    const forger = new SoftPos({ ...pos.identity, signer: signerFor('a forger') }, schemeId, site.clock.read);
    const framed = await site.card();
    await site.load(framed, 0, 10_00);
    forger.sell(framed, 0, 1_00);
    forger.undo(framed);
    await expectRefusal(site.port.synchronise(framed.log()), 'rejected', /not signed by the terminal/);
  });

  it('pays in spite of a gap, and puts the card’s side in order when the missing record comes', async () => {
    const other = await site.pos();
    pos.sell(card, 0, 1_00);
    other.sell(card, 0, 2_00);
    await site.port.uploadBatch(other.close());
    expect(await site.owed(other)).to.equal(2_00n);
    expect(await site.shadow(card)).to.deep.equal([100_00, 0, 0]);
    await site.port.uploadBatch(pos.close());
    expect(await site.shadow(card)).to.deep.equal([97_00, 0, 3]);
  });

  it('[M12] pays for a cloned card from the fraud account and lists it at the first broken chain', async () => {
    const clone = card.copy();
    const other = await site.pos();
    pos.sell(card, 0, 60_00);
    other.sell(clone, 0, 70_00);
    await site.port.uploadBatch(pos.close());
    const fraud = await site.account('fraud');
    await site.port.uploadBatch(other.close());
    expect(await site.findings(card.cardId)).to.deep.equal(['two-contents']);
    expect(await site.owed(other)).to.equal(70_00n);
    expect(await site.account('fraud')).to.equal(fraud + 70_00n);
    clone.pay({ ...sale(other), tn: 2, slot: 0, amount: 20_00 });
    other.note(Outcome.sold, clone.proof(clone.nt), { tn: 2 });
    await site.port.uploadBatch(other.close({ firstTn: 2, lastTn: 2 }));
    expect(await site.account('fraud')).to.equal(fraud + 90_00n);
    expect(await site.owed(other)).to.equal(90_00n);
  });

  function sale(at: SoftPos) {
    const { terminalId, acquirerId, merchantId } = at.identity.certificate;
    return { terminalId, acquirerId, merchantId, time: site.clock.now };
  }

  it('[M12] finds money that was never loaded by the broken chain', async () => {
    card.books.balances[0] = 900_00;
    pos.sell(card, 0, 50_00);
    const fraud = await site.account('fraud');
    await site.port.uploadBatch(pos.close());
    expect(await site.findings(card.cardId)).to.deep.equal(['balance-chain']);
    expect(await site.account('fraud')).to.equal(fraud + 50_00n);
    expect(await site.shadow(card)).to.deep.equal([100_00, 0, 0]);
  });

  it('[M12] does not pay for a listed card that a fresh list would have shown', async () => {
    const id = toHex(card.cardId);
    await block(site.issuer, id, 'stolen');
    await site.port.hotList(0);
    pos.sell(card, 0, 5_00);
    await site.port.uploadBatch(pos.close());
    expect(await site.owed(pos)).to.equal(5_00n);
    site.clock.advance(2 * day);
    pos.sell(card, 0, 7_00);
    await site.port.uploadBatch(pos.close());
    expect(await site.owed(pos)).to.equal(5_00n);
    expect(await site.results(pos)).to.deep.equal(['accepted', 'listed-card']);
  });

  it('gives a purchase to the holder when its terminal had signed it void', async () => {
    const proof = pos.debit(card, 0, 3_50);
    pos.note(Outcome.void, proof);
    await site.port.uploadBatch(pos.close());
    const holders = await site.account('holdersPayable');
    await site.synchronise(card);
    expect(await site.account('holdersPayable')).to.equal(holders + 3_50n);
    expect(await site.owed(pos)).to.equal(0n);
    await settle(site.issuer);
    expect(site.bank.done.get(`pay-out ${toHex(card.cardId)}/holder/2`)?.money.amount).to.equal(3_50n);
  });

  it('gives it to the holder also when the record was known before the void', async () => {
    const proof = pos.debit(card, 0, 3_50);
    await site.synchronise(card);
    const holders = await site.account('holdersPayable');
    pos.note(Outcome.void, proof);
    await site.port.uploadBatch(pos.close());
    expect(await site.account('holdersPayable')).to.equal(holders + 3_50n);
    await settle(site.issuer);
  });

  it('pays an order that was open in one batch and proved in the next', async () => {
    const proof = pos.debit(card, 0, 3_50);
    pos.note(Outcome.open, proof);
    await site.port.uploadBatch(pos.close());
    expect(await site.owed(pos)).to.equal(0n);
    pos.note(Outcome.sold, proof, { correction: 1 });
    await site.port.uploadBatch(pos.close());
    expect(await site.owed(pos)).to.equal(3_50n);
    pos.note(Outcome.sold, proof, { correction: 1 });
    await expectRefusal(site.port.uploadBatch(pos.close()), 'rejected', /tn 1 is not open/);
  });

  it('[M12] lists a card that signs two messages with one random number', async () => {
    const first = pos.sell(card, 0, 1_00);
    await site.port.uploadBatch(pos.close());
    const second = pos.sell(card, 0, 1_00);
    const r = second.s3.slice(4, 4 + (second.s3[3] ?? 0));
    await site.issuer.store.db
      .insertInto('signature_seen')
      .values({ card_id: toHex(card.cardId), r, message_hash: new Uint8Array(32) })
      .execute();
    await site.port.uploadBatch(pos.close());
    expect(await site.findings(card.cardId)).to.deep.equal(['signature-repeated']);
    expect(first.s3).to.not.deep.equal(second.s3);
  });

  it('[M12] keeps the second record under one random number as evidence; the rest of the batch is booked as ever', async () => {
    const honest = await site.fundedCard(10_00);
    const first = pos.sell(card, 0, 1_00);
    await site.port.uploadBatch(pos.close());
    const second = pos.sell(card, 0, 2_00);
    pos.sell(honest, 0, 3_00);
    const { db } = site.issuer.store;
    const proveFirst = (s3: Uint8Array) =>
      db
        .updateTable('record')
        .set({ s3 })
        .where('card_id', '=', toHex(card.cardId))
        .where('nt', '=', BigInt(card.nt) - 1n)
        .execute();
    await proveFirst(second.s3);
    await site.port.uploadBatch(pos.close());
    expect(await site.findings(card.cardId)).to.deep.equal(['signature-repeated']);
    expect(await site.owed(pos)).to.equal(6_00n);
    const rows = await db.selectFrom('record').select(['nt', 'repeats']).where('s3', '=', second.s3).execute();
    expect(rows).to.deep.equal([
      { nt: BigInt(card.nt) - 1n, repeats: false },
      { nt: BigInt(card.nt), repeats: true },
    ]);
    await proveFirst(first.s3);
  });
});
