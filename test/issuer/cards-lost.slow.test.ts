import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import { release } from '../../host/issuer/service/listing.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { LoadType } from '../../host/protocol/generated/enums.js';
import { hotListCodec } from '../../host/protocol/generated/structures.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { expectRefusal } from './refusals.js';
import { onEachDatabase } from './each-database.js';
onEachDatabase('Cards lost', (open) => {
  let site: SoftIssuer;
  before(async () => (site = await open()));
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  it('are listed, and their balance follows to the new card as a load when the window is over', async () => {
    const lost = await site.card('Lola Lost');
    await site.load(lost, 0, 50_00);
    const pos = await site.pos();
    pos.sell(lost, 0, 5_00);
    const fresh = await site.card('Lola Lost', lost.cardId);
    const list = hotListCodec.decode((await site.port.hotList(0))?.list ?? new Uint8Array());
    expect(list.entries.some(({ cardId }) => toHex(cardId) === toHex(lost.cardId))).to.equal(true);
    await site.port.uploadBatch(pos.close());
    site.clock.advance(31 * day);
    await settle(site.issuer);
    const charges = site.bank.done.size;
    await site.load(fresh, 0, 45_00);
    expect(site.bank.done.size).to.equal(charges);
    expect(await site.shadow(fresh)).to.deep.equal([45_00, 0, 0]);
    expect(await site.shadow(lost)).to.deep.equal([0, 0, 0]);
    await site.load(fresh, 0, 1_00);
    expect(site.bank.done.size).to.equal(charges + 1);
  });

  it('fund no load before the window is over, and get theirs back when the new card gives it up', async () => {
    const lost = await site.card('Lars Lost');
    await site.load(lost, 0, 50_00);
    const fresh = await site.card('Lars Lost', lost.cardId);
    const charges = site.bank.done.size;
    await site.load(fresh, 0, 10_00);
    expect(site.bank.done.size).to.equal(charges + 1);
    site.clock.advance(31 * day);
    await settle(site.issuer);
    const kioskId = site.kiosk.certificate.terminalId;
    await site.port.authoriseLoad({ kioskId, log: fresh.initLoad(LoadType.load, 0, 50_00, kioskId) });
    expect(await site.shadow(lost)).to.deep.equal([0, 0, 0]);
    await site.port.loadCancelled(fresh.cancelLoad());
    expect(await site.shadow(lost)).to.deep.equal([50_00, 0, 0]);
  });

  it('lose their points when they are closed: nothing of them stays in closings, and nothing is paid for them', async () => {
    const [closings, promised] = [await site.account('closingsUnpaid', 'PTS'), await site.account('loyalty', 'PTS')];
    const lost = await site.card('Lena Lost');
    await site.load(lost, 0, 50_00);
    const pos = await site.pos();
    pos.sell(lost, 0, 30_00);
    await site.port.uploadBatch(pos.close());
    await site.card('Lena Lost', lost.cardId);
    expect((await settle(site.issuer)).pointsLapsed).to.deep.equal([]);
    expect(await site.shadow(lost)).to.deep.equal([20_00, 0, 30]);
    site.clock.advance(31 * day);
    const paid = [...site.bank.done.keys()].filter((key) => key.includes('closing/2')).length;
    const { pointsLapsed } = await settle(site.issuer);
    expect(pointsLapsed.map(({ amount, unit }) => [amount, unit.name])).to.deep.equal([[30n, 'PTS']]);
    expect(await site.shadow(lost)).to.deep.equal([20_00, 0, 0]);
    expect(await site.account('closingsUnpaid', 'PTS')).to.equal(closings);
    expect(await site.account('loyalty', 'PTS')).to.equal(promised);
    expect([...site.bank.done.keys()].filter((key) => key.includes('closing/2'))).to.have.length(paid);
    expect((await settle(site.issuer)).pointsLapsed).to.deep.equal([]);
  });

  it('[M1] are counted a load that they may have taken and nobody heard of: it follows to the new card, and pays a shop that sold for it', async () => {
    const lost = await site.card('Lotte Lost');
    const kioskId = site.kiosk.certificate.terminalId;
    const answer = await site.port.authoriseLoad({ kioskId, log: lost.initLoad(LoadType.load, 0, 50_00, kioskId) });
    if (answer.status !== 'authorised') expect.fail(answer.status);
    lost.credit(answer.authorisation, answer.signature);
    const pos = await site.pos();
    pos.sell(lost, 0, 30_00);
    await site.port.uploadBatch(pos.close());
    const [inFlight, fraud] = [await site.account('loadsInFlight'), await site.account('fraud')];
    const fresh = await site.card('Lotte Lost', lost.cardId);
    site.clock.advance(31 * day);
    await settle(site.issuer);
    expect(await site.account('loadsInFlight')).to.equal(inFlight - 50_00n);
    expect(await site.account('fraud')).to.equal(fraud);
    expect(await site.shadow(lost)).to.deep.equal([20_00, 0, 0]);
    const charges = site.bank.done.size;
    await site.load(fresh, 0, 20_00);
    expect(site.bank.done.size).to.equal(charges);
  });

  it('[M1] leave their balance to the card after the next, where the next is lost, too, and each pays the loads it covers', async () => {
    const first = await site.card('Lina Lost');
    await site.load(first, 0, 50_00);
    const second = await site.card('Lina Lost', first.cardId);
    await site.load(second, 0, 10_00);
    const third = await site.card('Lina Lost', second.cardId);
    site.clock.advance(31 * day);
    await settle(site.issuer);
    const charges = site.bank.done.size;
    for (const amount of [10_00, 50_00]) await site.load(third, 0, amount);
    expect(site.bank.done.size).to.equal(charges);
    for (const lost of [first, second]) expect(await site.shadow(lost)).to.deep.equal([0, 0, 0]);
  });

  it('[M1] are paid to their holder once the card in their place was closed, for nobody can load their balance any more', async () => {
    const lost = await site.card('Lutz Lost');
    await site.load(lost, 0, 50_00);
    const fresh = await site.card('Lutz Lost', lost.cardId);
    site.clock.advance(31 * day);
    await settle(site.issuer);
    const paid = `pay-out ${toHex(lost.cardId)}/closing/0`;
    expect(site.bank.done.has(paid)).to.equal(false);
    fresh.put(await site.order(fresh, 'retire'));
    await site.port.orderTaken(fresh.closing());
    await settle(site.issuer);
    expect(site.bank.done.get(paid)?.money.amount).to.equal(50_00n);
    expect(await site.shadow(lost)).to.deep.equal([0, 0, 0]);
  });

  it('cannot be replaced by a stranger, twice, or after they were retired', async () => {
    const lost = await site.card('Olga Owner');
    await expectRefusal(site.card('Eve', lost.cardId), 'rejected', /belongs to somebody else/);
    await site.card('Olga Owner', lost.cardId);
    await expectRefusal(site.card('Olga Owner', lost.cardId), 'rejected', /is replaced already, by [0-9a-f]{16}\./);
    await expectRefusal(site.card('Olga Owner', new Uint8Array(8)), 'unknown-card');
    await expectRefusal(release(site.issuer, toHex(lost.cardId)), 'rejected', /was replaced/);
  });
});
