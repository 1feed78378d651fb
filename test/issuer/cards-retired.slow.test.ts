import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { LoadType } from '../../host/protocol/generated/enums.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { expectRefusal } from './refusals.js';
import { onEachDatabase } from './each-database.js';
onEachDatabase('Cards retired', (open) => {
  let site: SoftIssuer;
  before(async () => (site = await open()));
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  it('are paid out when the presentation window is over, less what merchants bring until then', async () => {
    const others = await site.account('closingsUnpaid');
    const card = await site.card('Rita Retired');
    await site.load(card, 0, 50_00);
    const pos = await site.pos();
    pos.sell(card, 0, 5_00);
    card.put(await site.order(card, 'retire'));
    const closing = card.closing();
    await site.port.orderTaken(closing);
    await site.port.orderTaken(closing);
    expect(await site.account('closingsUnpaid')).to.equal(others + 50_00n);
    await site.port.uploadBatch(pos.close());
    expect(await site.account('closingsUnpaid')).to.equal(others + 45_00n);
    await settle(site.issuer);
    expect(await site.account('closingsUnpaid')).to.equal(others + 45_00n);
    site.clock.advance(31 * day);
    expect((await settle(site.issuer)).closed).to.be.at.least(1);
    expect(await site.account('closingsUnpaid')).to.equal(others);
    expect(site.bank.done.get(`pay-out ${toHex(card.cardId)}/closing/0`)?.money.amount).to.equal(45_00n);
    expect((await settle(site.issuer)).closed).to.equal(0);
  });

  it('are paid what the books say when they swore to more, and a person is told', async () => {
    const card = await site.card('Mallory');
    await site.load(card, 0, 10_00);
    const pos = await site.pos();
    pos.debit(card, 0, 1_00);
    card.put(await site.order(card, 'retire'));
    card.books.balances[0] = 400_00;
    await site.port.orderTaken(card.closing());
    site.clock.advance(31 * day);
    await settle(site.issuer);
    expect(site.bank.done.get(`pay-out ${toHex(card.cardId)}/closing/0`)?.money.amount).to.equal(10_00n);
    expect(await site.findings(card.cardId)).to.deep.equal(['closing-exceeds-shadow']);
  });

  it('[M12] are listed, and not paid out, when their closing statement contradicts their last record', async () => {
    const card = await site.card('Trudy');
    await site.load(card, 0, 10_00);
    card.put(await site.order(card, 'retire'));
    card.books.balances[0] = 400_00;
    await site.port.orderTaken(card.closing());
    expect(await site.findings(card.cardId)).to.deep.equal(['statement-balances']);
    site.clock.advance(31 * day);
    await settle(site.issuer);
    expect(site.bank.done.has(`pay-out ${toHex(card.cardId)}/closing/0`)).to.equal(false);
  });

  it('give up a pending load with the closing', async () => {
    const card = await site.card();
    const kioskId = site.kiosk.certificate.terminalId;
    await site.port.authoriseLoad({ kioskId, log: card.initLoad(LoadType.load, 0, 20_00, kioskId) });
    const inFlight = await site.account('loadsInFlight');
    card.put(await site.order(card, 'retire'));
    await site.port.orderTaken(card.closing());
    expect(await site.account('loadsInFlight')).to.equal(inFlight - 20_00n);
    expect(await site.port.loadStatus({ kioskId, cardId: card.cardId, counter: 1 })).to.deep.equal({
      status: 'settled',
    });
  });

  it('[M1] are not closed while a load they took is unknown to the issuer, and are paid all of it after they were heard', async () => {
    const card = await site.card();
    const kioskId = site.kiosk.certificate.terminalId;
    const answer = await site.port.authoriseLoad({ kioskId, log: card.initLoad(LoadType.load, 0, 50_00, kioskId) });
    if (answer.status !== 'authorised') expect.fail(answer.status);
    card.credit(answer.authorisation, answer.signature);
    await expectRefusal(site.order(card, 'retire'), 'rejected', /took load 1.*kiosk.*nothing was ordered/);
    await site.synchronise(card);
    card.put(await site.order(card, 'retire'));
    await site.port.orderTaken(card.closing());
    site.clock.advance(31 * day);
    await settle(site.issuer);
    expect(site.bank.done.get(`pay-out ${toHex(card.cardId)}/closing/0`)?.money.amount).to.equal(50_00n);
  });

  it('[M12] are listed, and not paid out, when they close with a load taken that they gave up before', async () => {
    const card = await site.fundedCard(10_00);
    const kioskId = site.kiosk.certificate.terminalId;
    const answer = await site.port.authoriseLoad({ kioskId, log: card.initLoad(LoadType.load, 0, 20_00, kioskId) });
    if (answer.status !== 'authorised') expect.fail(answer.status);
    const order = await site.order(card, 'retire');
    const clone = card.copy();
    await site.port.loadCancelled(card.cancelLoad());
    clone.credit(answer.authorisation, answer.signature);
    clone.put(order);
    await site.port.orderTaken(clone.closing());
    expect(await site.findings(card.cardId)).to.include('load-given-up-and-taken');
    site.clock.advance(31 * day);
    await settle(site.issuer);
    expect(site.bank.done.has(`pay-out ${toHex(card.cardId)}/closing/0`)).to.equal(false);
  });

  it('[M9] get no further order and no load', async () => {
    const card = await site.card();
    card.put(await site.order(card, 'retire'));
    await site.port.orderTaken(card.closing());
    await expectRefusal(site.order(card, 'parameters'), 'rejected', /is retired/);
    const kioskId = site.kiosk.certificate.terminalId;
    const answer = await site.port.authoriseLoad({ kioskId, log: card.initLoad(LoadType.load, 0, 20_00, kioskId) });
    expect(answer).to.include({ status: 'refused', code: 'statement-rejected' });
  });
});
