import { expect } from 'chai';
import { block, release } from '../../host/issuer/service/listing.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { Authority, LifeCycle, LoadType, OrderType, StatementPurpose } from '../../host/protocol/generated/enums.js';
import { hotListCodec, orderUnblockCodec } from '../../host/protocol/generated/structures.js';
import { keysOf } from '../../host/protocol/scheme.js';
import { verifyHotList } from '../../host/protocol/signed/hot-list.js';
import { scheme } from '../helpers/scheme.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { expectRefusal } from './refusals.js';
import { onEachDatabase } from './each-database.js';
onEachDatabase('Cards blocked and unblocked', (open) => {
  let site: SoftIssuer;
  before(async () => (site = await open()));
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  it('[R17] stand on a signed list with their block order, and leave it when they have signed for it', async () => {
    const card = await site.card();
    const id = toHex(card.cardId);
    const number = await block(site.issuer, id, 'reported stolen');
    expect(await block(site.issuer, id, 'again')).to.equal(number);
    const signed = await site.port.hotList(0);
    const list = hotListCodec.decode(signed?.list ?? new Uint8Array());
    const [key] = keysOf(scheme, Authority.order);
    expect(verifyHotList(list, signed?.signature ?? new Uint8Array(), key?.point ?? new Uint8Array())).to.equal(true);
    const entry = list.entries.find(({ cardId }) => toHex(cardId) === id);
    if (entry === undefined) return expect.fail('not listed');
    const body = Uint8Array.of(0, 0, 0, entry.blockNumber);
    card.put({ type: OrderType.block, keyIndex: 0, body, signature: entry.signature });
    await site.port.blockTaken(card.blockStatement());
    const next = hotListCodec.decode((await site.port.hotList(list.version))?.list ?? new Uint8Array());
    expect(next.version).to.equal(list.version + 1);
    expect(next.entries.some(({ cardId }) => toHex(cardId) === id)).to.equal(false);
    expect(await site.port.hotList(next.version)).to.equal(null);
    await expectRefusal(site.order(card, 'unblock'), 'rejected', /issuer unblock releases it first/);
    expect(await release(site.issuer, id)).to.equal(true);
    const unblock = await site.order(card, 'unblock');
    expect(orderUnblockCodec.decode(unblock.body).highestBlockNumber).to.equal(number);
    card.put(unblock);
    await site.port.orderTaken(card.statement(StatementPurpose.log));
    expect(card.books.state).to.equal(LifeCycle.active);
  });

  it('have block statements of their own: another card’s is refused', async () => {
    const [card, other] = [await site.card(), await site.card()];
    await block(site.issuer, toHex(card.cardId), 'stolen');
    other.books.blockNumber = 1;
    await expectRefusal(
      site.port.blockTaken({ ...other.blockStatement(), cardId: card.cardId }),
      'rejected',
      /not signed/,
    );
    await expectRefusal(site.port.blockTaken({ ...other.blockStatement(), statement: new Uint8Array(3) }), 'rejected');
    await release(site.issuer, toHex(card.cardId));
  });

  it('get a new list when the last one grows old, though nothing changed', async () => {
    const first = hotListCodec.decode((await site.port.hotList(0))?.list ?? new Uint8Array());
    expect(await site.port.hotList(first.version)).to.equal(null);
    site.clock.advance(day);
    const second = hotListCodec.decode((await site.port.hotList(first.version))?.list ?? new Uint8Array());
    expect(second.version).to.equal(first.version + 1);
    expect(second.issuedAt).to.equal(site.clock.now);
  });

  it('[R7] get orders at desks, the same one for the same counter', async () => {
    const card = await site.card();
    const first = await site.order(card, 'pinReset');
    expect(await site.order(card, 'pinReset')).to.deep.equal(first);
    const kiosk = {
      deskId: site.kiosk.certificate.terminalId,
      order: 'pinReset' as const,
      proof: card.statement(StatementPurpose.log),
      reason: '',
    };
    await expectRefusal(site.port.orderFor(kiosk), 'rejected', /role perso/);
    const forged = { ...card.statement(StatementPurpose.log), cardId: (await site.card()).cardId };
    await expectRefusal(
      site.port.orderFor({ ...kiosk, deskId: site.desk.certificate.terminalId, proof: forged }),
      'rejected',
      /not signed/,
    );
  });

  it('name the newest block number, also when the unblock order was made before the last block', async () => {
    const card = await site.card();
    const id = toHex(card.cardId);
    await block(site.issuer, id, 'one');
    await release(site.issuer, id);
    expect(orderUnblockCodec.decode((await site.order(card, 'unblock')).body).highestBlockNumber).to.equal(1);
    await block(site.issuer, id, 'two');
    await release(site.issuer, id);
    expect(orderUnblockCodec.decode((await site.order(card, 'unblock')).body).highestBlockNumber).to.equal(2);
  });

  it('[M12] stay listed once they broke their chain, whatever an operator or the card itself says', async () => {
    const card = await site.card();
    card.applyCredit(LoadType.load, 0, 10_00, site.clock.now);
    await site.port.synchronise(card.log());
    expect(await site.findings(card.cardId)).to.deep.equal(['unauthorised-load']);
    await expectRefusal(release(site.issuer, toHex(card.cardId)), 'rejected', /contradicted itself/);
    await expectRefusal(site.order(card, 'retire'), 'rejected', /contradicted itself/);
    card.books.blockNumber = 1;
    await site.port.blockTaken(card.blockStatement());
    const list = hotListCodec.decode((await site.port.hotList(0))?.list ?? new Uint8Array());
    expect(list.entries.some(({ cardId }) => toHex(cardId) === toHex(card.cardId))).to.equal(true);
  });
});
