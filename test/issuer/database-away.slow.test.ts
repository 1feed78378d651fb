/** PostgreSQL goes away and comes back under a running issuer. */
import { expect } from 'chai';
import type { FastifyInstance } from 'fastify';
import { issuerServer } from '../../host/issuer/http/server.js';
import { LedgerError } from '../../host/issuer/errors.js';
import { openServerStore } from '../../host/issuer/store/server.js';
import type { Store } from '../../host/issuer/store/database.js';
import { sql } from 'kysely';
import { httpIssuer } from '../../host/terminal/issuer-http.js';
import type { IssuerPort } from '../../host/protocol/issuer/port.js';
import { TestTls } from '../helpers/https.js';
import { PostgresServer, needsPostgresql } from '../helpers/postgres-server.js';
import { schemeId } from '../helpers/scheme.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';
import { expectRefusal } from './refusals.js';

describe('When the database goes away', function () {
  this.timeout(60_000);
  let postgres: PostgresServer | undefined;
  let store: Store;
  let site: SoftIssuer;
  let http: FastifyInstance;
  let pos: SoftPos;
  let port: IssuerPort;

  const server = (): PostgresServer => postgres ?? expect.fail('no server');

  before(async function () {
    needsPostgresql(this);
    postgres = await PostgresServer.start();
    store = await openServerStore(await postgres.createDatabase());
    site = await SoftIssuer.open(store);
    const tls = new TestTls(schemeId);
    http = issuerServer(site.issuer, site.port, { tls: tls.server() });
    pos = await site.pos();
    const url = await http.listen({ host: '127.0.0.1', port: 0 });
    port = httpIssuer({ url, tls: tls.of(pos.identity, site.clock.now), attempts: 1 });
  });
  after(async () => {
    await http?.close();
    await site?.close();
    await postgres?.stop();
  });

  for (const how of ['fast', 'immediate', 'kill'] as const) {
    it(`[M4] refuses as unreachable while it is away (${how}), books nothing, and goes on by itself when it is back`, async () => {
      const card = await site.fundedCard(20_00);
      pos.sell(card, 0, 5_00);
      const batch = pos.close();
      await server().end(how);
      await expectRefusal(port.uploadBatch(batch), 'unreachable', /database cannot be reached; nothing was booked/);
      await expectRefusal(port.hotList(0), 'unreachable');
      const health = await http.inject({ method: 'GET', url: '/health/ready' });
      expect(health.statusCode).to.equal(503);
      await server().restart();
      expect(await site.shadow(card)).to.deep.equal([20_00, 0, 0]);
      const acknowledged = await port.uploadBatch(batch);
      expect(await port.uploadBatch(batch)).to.deep.equal(acknowledged);
      expect(await site.shadow(card)).to.deep.equal([15_00, 0, 5]);
      expect(await site.differences()).to.deep.equal([]);
    });
  }

  it('does not notice connections that died while nobody used them', async () => {
    await site.port.hotList(0);
    await server().end('fast');
    await server().restart();
    for (let i = 0; i < 10; i++) await port.hotList(0);
  });

  it('says that it does not know, where the answer to COMMIT is lost', async () => {
    let error: unknown;
    await store
      .transaction(async (tx) => {
        await sql`insert into holder values ('doubt', 'Doubt', null)`.execute(tx);
        await sql`set local idle_in_transaction_session_timeout = 1`.execute(tx);
        await new Promise((resolve) => setTimeout(resolve, 200));
      })
      .catch((caught: unknown) => (error = caught));
    expect(error).to.be.instanceOf(LedgerError);
    expect((error as LedgerError).code).to.equal('unreachable');
    expect((error as LedgerError).message).to.match(/Send the same request again: it is booked once/);
  });

  it('refuses as busy what waits too long for a lock', async () => {
    let release: () => void = () => undefined;
    const holding = new Promise<void>((resolve) => (release = resolve));
    const card = await site.card();
    const holder = store.transaction(async (tx) => {
      await sql`select 1 from ledger_head for update`.execute(tx);
      await holding;
    });
    let error: unknown;
    await store
      .transaction(async (tx) => {
        await sql`set local lock_timeout = '50ms'`.execute(tx);
        await sql`update ledger_head set nt = nt`.execute(tx);
      })
      .catch((caught: unknown) => (error = caught));
    release();
    await holder;
    expect((error as LedgerError).code).to.equal('busy');
    expect(await site.shadow(card)).to.deep.equal([0, 0, 0]);
  });

  it('acknowledges nothing before it is on the disk, also where the server is set to be quick', async () => {
    const url = await server().createDatabase();
    const name = new URL(url).pathname.slice(1);
    await sql.raw(`alter database ${name} set synchronous_commit = off`).execute(store.db);
    const quick = await openServerStore(url);
    const { rows } = await sql<{ synchronous_commit: string }>`show synchronous_commit`.execute(quick.db);
    await quick.close();
    expect(rows[0]?.synchronous_commit).to.equal('on');
  });

  const wrong: readonly [string, (url: URL) => void, RegExp][] = [
    ['a wrong password', (url) => (url.password = 'wrong'), /password authentication failed/],
    ['a database that is not there', (url) => (url.pathname = '/none'), /"none" does not exist/],
    ['a port nobody listens at', (url) => (url.port = '1'), /ECONNREFUSED/],
  ];
  for (const [what, spoil, message] of wrong) {
    it(`is not opened with ${what}, and the password stays out of the sentence`, async () => {
      const url = new URL(server().url());
      spoil(url);
      let error: unknown;
      await openServerStore(url.href).catch((caught: unknown) => (error = caught));
      expect((error as LedgerError).code).to.equal('unreachable');
      expect((error as LedgerError).message).to.match(message);
      expect((error as LedgerError).message).to.not.include(url.password);
    });
  }
});
