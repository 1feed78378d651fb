import { expect } from 'chai';
import { LifeCycle, LoadType, OrderType, StatementPurpose } from '../../host/protocol/generated/enums.js';
import { orderSyncCodec, parametersCodec } from '../../host/protocol/generated/structures.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { expectRefusal } from './refusals.js';
import { onEachDatabase } from './each-database.js';
onEachDatabase('Cards synchronised', (open) => {
  let site: SoftIssuer;
  before(async () => (site = await open()));
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  it('[R14] get a SYNC for exactly what they uploaded, and only what is after A goes up again', async () => {
    const card = await site.fundedCard(50_00);
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
    const card = await site.fundedCard(50_00);
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
    const card = await site.fundedCard(50_00);
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
    const card = await site.fundedCard(50_00);
    const lie = card.statement(StatementPurpose.log, {
      balances: [{ balance: 90_00 }, { balance: 0 }, { balance: 0 }],
    });
    await site.port.synchronise({ ...card.log(), ...lie });
    expect(await site.findings(card.cardId)).to.deep.equal(['statement-balances']);
  });

  it('[M12] are listed when two histories lead to one length; the rolled-back one gets a block order and no SYNC', async () => {
    const card = await site.fundedCard(50_00);
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
