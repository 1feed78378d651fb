import { expect } from 'chai';
import { settle } from '../../host/issuer/jobs/settle.js';
import type { LedgerError } from '../../host/issuer/errors.js';
import { verify } from '../../host/issuer/jobs/verify.js';
import { recordAudit } from '../../host/issuer/service/audit.js';
import { block } from '../../host/issuer/service/listing.js';
import { sealLedger } from '../../host/issuer/service/seal.js';
import { sql } from 'kysely';
import type { Db, Store } from '../../host/issuer/store/database.js';
import { openServerStore } from '../../host/issuer/store/server.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { LoadType } from '../../host/protocol/generated/enums.js';
import { needsPostgresql } from '../helpers/postgres-server.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';
import { sharedPostgres } from '../support/shared-postgres.js';

describe('The issuer on a PostgreSQL server', function () {
  this.timeout(60_000);
  let one: SoftIssuer;
  let two: SoftIssuer;

  before(async function () {
    needsPostgresql(this);
    // two processes of one installation, as far as the database can tell; both find the schema missing
    const url = await (await sharedPostgres()).createDatabase();
    const [first, second]: [Store, Store] = await Promise.all([openServerStore(url), openServerStore(url)]);
    one = await SoftIssuer.open(first);
    two = await SoftIssuer.open(second);
  });
  after(async () => {
    await one?.close();
    await two?.close();
  });

  it('keeps the same books as on the embedded store', async () => {
    const card = await one.card();
    await one.load(card, 0, 50_00);
    const pos = await one.pos();
    pos.sell(card, 0, 3_50);
    pos.sell(card, 0, 1_00);
    pos.cancel(card);
    await one.port.uploadBatch(pos.close());
    await one.synchronise(card);
    expect(await one.shadow(card)).to.deep.equal([46_50, 0, 3]);
    expect((await settle(one.issuer)).merchants.map(({ paid }) => paid.amount)).to.deep.equal([3_50n]);
    expect(await one.differences()).to.deep.equal([]);
  });

  it('goes on where another process changes a table that statements were prepared for', async () => {
    const url = await (await sharedPostgres()).createDatabase();
    const [old, later] = [await openServerStore(url, { connections: 1 }), await openServerStore(url)];
    const ask = (db: Db) => db.selectFrom('voided').selectAll().where('card_id', '=', 'c').execute();
    for (const change of ['add column note text', 'drop column note']) {
      await ask(old.db);
      await old.transaction(ask);
      await sql.raw(`alter table voided ${change}`).execute(later.db);
      expect(await ask(old.db)).to.deep.equal([]);
      await ask(old.db);
      await sql
        .raw(`alter table voided ${change === 'drop column note' ? 'add column x text' : 'add column y text'}`)
        .execute(later.db);
      expect(await old.transaction(ask)).to.deep.equal([]);
    }
    await Promise.all([old.close(), later.close()]);
  });

  it('makes one authorisation of a load that two processes are asked for at once', async () => {
    const card = await one.card();
    const kioskId = one.kiosk.certificate.terminalId;
    const log = card.initLoad(LoadType.load, 0, 20_00, kioskId);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? one : two).port.authoriseLoad({ kioskId, log })),
    );
    for (const answer of answers) expect(answer).to.deep.equal(answers[0]);
    expect(answers[0]?.status).to.equal('authorised');
    expect(await one.differences()).to.deep.equal([]);
    await one.port.loadCancelled(card.cancelLoad());
  });

  it('pays a batch once that two processes are handed at once', async () => {
    const card = await one.card();
    await one.load(card, 0, 50_00);
    const pos = await one.pos();
    for (let i = 0; i < 10; i++) pos.sell(card, 0, 1_00);
    const batch = pos.close();
    const answers = await Promise.all([one, two, one, two].map((at) => at.port.uploadBatch(batch)));
    for (const answer of answers) expect(answer).to.deep.equal(answers[0]);
    const settlements = await Promise.all([settle(one.issuer), settle(two.issuer)]);
    const paid = settlements.flatMap(({ merchants }) => merchants).map((line) => line.paid.amount);
    expect(paid.reduce((sum, amount) => sum + amount, 0n)).to.equal(10_00n);
    expect(await two.differences()).to.deep.equal([]);
  });

  it('lets two shops clear the same cards at once, in either order', async () => {
    const cards = await Promise.all([1, 2, 3, 4].map(() => one.card()));
    for (const card of cards) await one.load(card, 0, 50_00);
    const shops = [await one.pos(), await one.pos()];
    for (const card of cards) shops[0]?.sell(card, 0, 1_00);
    for (const card of [...cards].reverse()) shops[1]?.sell(card, 0, 2_00);
    const [first, second] = shops.map((shop) => shop.close());
    if (first === undefined || second === undefined) return expect.fail('two batches');
    await Promise.all([one.port.uploadBatch(first), two.port.uploadBatch(second)]);
    for (const card of cards) expect(await one.shadow(card)).to.deep.equal([47_00, 0, 3]);
    expect(await one.differences()).to.deep.equal([]);
  });

  it('numbers one hot list, whoever finds it out of date', async () => {
    const card = await one.card();
    await block(one.issuer, toHex(card.cardId), 'stolen');
    const lists = await Promise.all([one, two, one, two].map((at) => at.port.hotList(0)));
    for (const list of lists) expect(list).to.deep.equal(lists[0]);
  });

  it('writes one audit log, whoever has something to say, and seals the ledger one after the other', async () => {
    const say = (at: SoftIssuer, n: number) =>
      at.issuer.store.transaction((tx) =>
        recordAudit(tx, {
          at: n,
          actor: { kind: 'operator', name: at === one ? 'Ada' : 'Bo' },
          action: 'noted',
          subject: `note/${n}`,
          detail: { n },
        }),
      );
    const seal = (at: SoftIssuer) => sealLedger(at.issuer, { kind: 'system', name: 'test' });
    const before = (await verify(one.issuer)).entries;
    const card = await one.card();
    await one.load(card, 0, 1_00);
    const notes = Array.from({ length: 12 }, (_, n) => say(n % 2 === 0 ? one : two, n));
    const seals = await Promise.all([seal(one), seal(two), ...notes]).then((all) => all.slice(0, 2));
    // what one has sealed the other finds sealed
    expect(seals.filter((made) => made !== undefined)).to.have.length(1);
    expect(await verify(two.issuer)).to.deep.include({ entries: before + 13n, flaw: undefined });
  });

  it('is unreachable, and said to be, when there is no server', async () => {
    let error: unknown;
    await openServerStore('postgres://127.0.0.1:1/none').catch((caught: unknown) => (error = caught));
    expect((error as LedgerError).code).to.equal('unreachable');
  });
});
