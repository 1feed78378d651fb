import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import { block, release } from '../../host/issuer/service/listing.js';
import { parseCardCertificate, verifyCardCertificate } from '../../host/protocol/certificates/card.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { Authority, LifeCycle, LoadType, OrderType, StatementPurpose } from '../../host/protocol/generated/enums.js';
import {
  cardDataCodec,
  hotListCodec,
  orderSyncCodec,
  orderUnblockCodec,
  parametersCodec,
} from '../../host/protocol/generated/structures.js';
import type { DeskOrder, IssueRequest } from '../../host/protocol/issuer/port.js';
import { keysOf } from '../../host/protocol/scheme.js';
import { verifyHotList } from '../../host/protocol/signed/hot-list.js';
import { scheme } from '../helpers/scheme.js';
import { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { expectRefusal } from './refusals.js';
import { sharedIssuer } from './shared.js';

describe('Cards at the issuer', () => {
  let site: SoftIssuer;
  before(async () => (site = await sharedIssuer()));
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  const request = (card: SoftCard): IssueRequest => ({
    deskId: site.desk.certificate.terminalId,
    serial: card.serial,
    signPoint: card.signer.point,
    agreePoint: card.agree.point,
    holder: 'Ada',
  });
  const order = (card: SoftCard, what: DeskOrder) =>
    site.port.orderFor({
      deskId: site.desk.certificate.terminalId,
      order: what,
      proof: card.statement(StatementPurpose.log),
      reason: 'test',
    });

  describe('issued', () => {
    it('[R3] carry a certificate of the card CA over their own keys, and the same card comes back on a repeat', async () => {
      const card = new SoftCard('twice');
      const issued = await site.port.issueCard(request(card));
      expect(await site.port.issueCard(request(card))).to.deep.equal(issued);
      const certificate = parseCardCertificate(issued.certificate);
      verifyCardCertificate(certificate, scheme.keys, site.clock.now);
      expect(certificate.signPoint).to.deep.equal(card.signer.point);
      expect(certificate.agreePoint).to.deep.equal(card.agree.point);
      expect(certificate.expiry).to.equal(cardDataCodec.decode(issued.cardData).expiry);
      expect(issued.keys).to.have.length(8);
    });

    it('[R8] end five years later to the day', async () => {
      const { cardData } = await site.port.issueCard(request(new SoftCard('five years')));
      const { date, expiry } = cardDataCodec.decode(cardData);
      const [from, to] = [new Date(date * 1000), new Date(expiry * 1000)];
      expect(to.getUTCFullYear() - from.getUTCFullYear()).to.equal(5);
      expect(to.toISOString().slice(5)).to.equal(from.toISOString().slice(5));
    });

    it('[R3] [R4] [R15] cannot be issued again with other keys, nor with one key for two purposes', async () => {
      const card = new SoftCard('again');
      await site.port.issueCard(request(card));
      const other = new SoftCard('other keys');
      await expectRefusal(site.port.issueCard({ ...request(other), serial: card.serial }), 'conflict', /issued before/);
      await expectRefusal(
        site.port.issueCard({ ...request(other), agreePoint: other.signer.point }),
        'rejected',
        /one key for two/,
      );
      await expectRefusal(
        site.port.issueCard({ ...request(other), signPoint: new Uint8Array(64).fill(1) }),
        'rejected',
        /not on the curve/,
      );
      await expectRefusal(
        site.port.issueCard({ ...request(other), holder: 'x'.repeat(81) }),
        'rejected',
        /80 characters/,
      );
    });

    it('[R7] come from desks alone', async () => {
      const kiosk = { ...request(new SoftCard('kiosk')), deskId: site.kiosk.certificate.terminalId };
      await expectRefusal(site.port.issueCard(kiosk), 'rejected', /role perso/);
    });

    it('count once they have answered for themselves', async () => {
      const card = new SoftCard('raw');
      const issued = await site.port.issueCard(request(card));
      card.personalize(issued);
      card.books.state = LifeCycle.blocked;
      await expectRefusal(
        site.port.cardActivated(card.statement(StatementPurpose.log)),
        'rejected',
        /not say that the card is active/,
      );
      card.books.state = LifeCycle.active;
      const other = await site.card();
      await expectRefusal(
        site.port.cardActivated({ ...other.statement(StatementPurpose.log), cardId: card.cardId }),
        'rejected',
        /not signed/,
      );
      await site.port.cardActivated(card.statement(StatementPurpose.log));
      await site.port.cardActivated(card.statement(StatementPurpose.log));
    });
  });

  describe('synchronised', () => {
    it('[R14] get a SYNC for exactly what they uploaded, and only what is after A goes up again', async () => {
      const card = await site.card();
      await site.load(card, 0, 50_00);
      const pos = await site.pos();
      pos.sell(card, 0, 1_00);
      pos.sell(card, 0, 2_00);
      const [sync, ...rest] = await site.port.synchronise(card.log());
      expect(rest).to.deep.equal([]);
      expect(sync?.type).to.equal(OrderType.sync);
      expect(orderSyncCodec.decode(sync?.body ?? new Uint8Array()).acknowledged).to.equal(3);
      if (sync !== undefined) card.put(sync);
      expect(card.log().records).to.have.length(0);
      pos.sell(card, 0, 3_00);
      expect(card.log().records).to.have.length(1);
      await site.synchronise(card);
      expect(await site.shadow(card)).to.deep.equal(card.books.balances);
    });

    it('take a repeated and an old upload without harm', async () => {
      const card = await site.card();
      await site.load(card, 0, 50_00);
      const old = card.log();
      const pos = await site.pos();
      pos.sell(card, 0, 1_00);
      await site.port.synchronise(card.log());
      await site.port.synchronise(card.log());
      await site.port.synchronise(old);
      expect(await site.findings(card.cardId)).to.deep.equal([]);
      expect(await site.shadow(card)).to.deep.equal([49_00, 0, 1]);
    });

    it('are refused with a record missing, changed, added or out of order', async () => {
      const card = await site.card();
      await site.load(card, 0, 50_00);
      const pos = await site.pos();
      for (let i = 0; i < 3; i++) pos.sell(card, 0, 1_00);
      const log = card.log();
      const [one, two, three] = log.records as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
      const changed = two.slice();
      changed[40] = (changed[40] ?? 0) ^ 1;
      await expectRefusal(
        site.port.synchronise({ ...log, records: log.records.slice(1) }),
        'rejected',
        /holds 3 records where the statement seals 4/,
      );
      await expectRefusal(
        site.port.synchronise({ ...log, records: [...log.records, one] }),
        'rejected',
        /holds 5 records/,
      );
      await expectRefusal(
        site.port.synchronise({ ...log, records: [two, one, three, log.records[3] ?? one] }),
        'rejected',
        /not those that the statement seals/,
      );
      await expectRefusal(
        site.port.synchronise({ ...log, records: [one, changed, three, log.records[3] ?? one] }),
        'rejected',
      );
      expect(await site.shadow(card)).to.deep.equal([50_00, 0, 0]);
      await site.synchronise(card);
    });

    it('are refused when they count more as acknowledged than the issuer ever did', async () => {
      const card = await site.card();
      card.applyCredit(LoadType.load, 0, 10_00, site.clock.now);
      card.books.acknowledged = 1;
      await expectRefusal(site.port.synchronise(card.log()), 'rejected', /counts 1 records as acknowledged/);
    });

    it('[M12] are listed when they swear to balances that are not those of their records', async () => {
      const card = await site.card();
      await site.load(card, 0, 50_00);
      const lie = card.statement(StatementPurpose.log, {
        balances: [{ balance: 90_00 }, { balance: 0 }, { balance: 0 }],
      });
      await site.port.synchronise({ ...card.log(), ...lie });
      expect(await site.findings(card.cardId)).to.deep.equal(['statement-balances']);
    });

    it('[M12] are listed when two histories lead to one length; the rolled-back one gets a block order and no SYNC', async () => {
      const card = await site.card();
      await site.load(card, 0, 50_00);
      const rolledBack = card.copy();
      const pos = await site.pos();
      pos.sell(card, 0, 1_00);
      pos.sell(rolledBack, 0, 2_00);
      await site.synchronise(card);
      const orders = await site.port.synchronise(rolledBack.log());
      expect(orders.map(({ type }) => type)).to.deep.equal([OrderType.block]);
      expect(await site.findings(card.cardId)).to.deep.equal(['two-contents']);
      for (const one of orders) rolledBack.put(one);
      expect(rolledBack.books.state).to.equal(LifeCycle.blocked);
    });

    it('bring a newer parameter set along, in the order of the card’s counter', async () => {
      const card = await site.card();
      const { db } = site.issuer.store;
      const first = await db.selectFrom('parameter_set').selectAll().executeTakeFirstOrThrow();
      const fields = parametersCodec.decode(first.parameters);
      const second = { ...fields, version: 2, offlineCount: 7 };
      await db
        .insertInto('parameter_set')
        .values({ version: 2, parameters: parametersCodec.encode(second), since: 0n })
        .execute();
      try {
        const orders = await site.port.synchronise(card.log());
        expect(orders.map(({ type }) => type)).to.deep.equal([OrderType.sync, OrderType.parameters]);
        for (const one of orders) card.put(one);
        expect(card.parameters.offlineCount).to.equal(7);
        await site.load(card, 0, 5_00);
        expect((await site.port.synchronise(card.log())).map(({ type }) => type)).to.deep.equal([OrderType.sync]);
      } finally {
        await db.deleteFrom('parameter_set').where('version', '=', 2).execute();
      }
    });
  });

  describe('blocked and unblocked', () => {
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
      await expectRefusal(order(card, 'unblock'), 'rejected', /issuer unblock releases it first/);
      expect(await release(site.issuer, id)).to.equal(true);
      const unblock = await order(card, 'unblock');
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
      await expectRefusal(
        site.port.blockTaken({ ...other.blockStatement(), statement: new Uint8Array(3) }),
        'rejected',
      );
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
      const first = await order(card, 'pinReset');
      expect(await order(card, 'pinReset')).to.deep.equal(first);
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
      expect(orderUnblockCodec.decode((await order(card, 'unblock')).body).highestBlockNumber).to.equal(1);
      await block(site.issuer, id, 'two');
      await release(site.issuer, id);
      expect(orderUnblockCodec.decode((await order(card, 'unblock')).body).highestBlockNumber).to.equal(2);
    });

    it('[M12] stay listed once they broke their chain, whatever an operator or the card itself says', async () => {
      const card = await site.card();
      card.applyCredit(LoadType.load, 0, 10_00, site.clock.now);
      await site.port.synchronise(card.log());
      expect(await site.findings(card.cardId)).to.deep.equal(['unauthorised-load']);
      await expectRefusal(release(site.issuer, toHex(card.cardId)), 'rejected', /contradicted itself/);
      await expectRefusal(order(card, 'retire'), 'rejected', /contradicted itself/);
      card.books.blockNumber = 1;
      await site.port.blockTaken(card.blockStatement());
      const list = hotListCodec.decode((await site.port.hotList(0))?.list ?? new Uint8Array());
      expect(list.entries.some(({ cardId }) => toHex(cardId) === toHex(card.cardId))).to.equal(true);
    });
  });

  describe('retired', () => {
    it('are paid out when the presentation window is over, less what merchants bring until then', async () => {
      const card = await site.card('Rita Retired');
      await site.load(card, 0, 50_00);
      const pos = await site.pos();
      pos.sell(card, 0, 5_00);
      card.put(await order(card, 'retire'));
      const closing = card.closing();
      await site.port.orderTaken(closing);
      await site.port.orderTaken(closing);
      expect(await site.account('closingsUnpaid')).to.equal(50_00n);
      await site.port.uploadBatch(pos.close());
      expect(await site.account('closingsUnpaid')).to.equal(45_00n);
      await settle(site.issuer);
      expect(await site.account('closingsUnpaid')).to.equal(45_00n);
      site.clock.advance(31 * day);
      expect((await settle(site.issuer)).closed).to.equal(1);
      expect(await site.account('closingsUnpaid')).to.equal(0n);
      expect(site.bank.done.get(`pay-out ${toHex(card.cardId)}/closing/0`)?.money.amount).to.equal(45_00n);
      expect((await settle(site.issuer)).closed).to.equal(0);
    });

    it('are paid what the books say when they swore to more, and a person is told', async () => {
      const card = await site.card('Mallory');
      await site.load(card, 0, 10_00);
      const pos = await site.pos();
      pos.debit(card, 0, 1_00);
      card.put(await order(card, 'retire'));
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
      card.put(await order(card, 'retire'));
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
      card.put(await order(card, 'retire'));
      await site.port.orderTaken(card.closing());
      expect(await site.account('loadsInFlight')).to.equal(inFlight - 20_00n);
      expect(await site.port.loadStatus({ kioskId, cardId: card.cardId, counter: 1 })).to.deep.equal({
        status: 'settled',
      });
    });

    it('[M9] get no further order and no load', async () => {
      const card = await site.card();
      card.put(await order(card, 'retire'));
      await site.port.orderTaken(card.closing());
      await expectRefusal(order(card, 'parameters'), 'rejected', /is retired/);
      const kioskId = site.kiosk.certificate.terminalId;
      const answer = await site.port.authoriseLoad({ kioskId, log: card.initLoad(LoadType.load, 0, 20_00, kioskId) });
      expect(answer).to.include({ status: 'refused', code: 'statement-rejected' });
    });
  });

  describe('lost', () => {
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
      expect(await site.shadow(lost)).to.deep.equal([0, 0, 5]);
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

    it('cannot be replaced by a stranger, twice, or after they were retired', async () => {
      const lost = await site.card('Olga Owner');
      await expectRefusal(site.card('Eve', lost.cardId), 'rejected', /belongs to somebody else/);
      await site.card('Olga Owner', lost.cardId);
      await expectRefusal(site.card('Olga Owner', lost.cardId), 'rejected', /is lost/);
      await expectRefusal(site.card('Olga Owner', new Uint8Array(8)), 'unknown-card');
      await expectRefusal(release(site.issuer, toHex(lost.cardId)), 'rejected', /was replaced/);
    });
  });
});
