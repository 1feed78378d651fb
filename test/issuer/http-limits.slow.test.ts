/** What keeps the issuer's server usable: limits, time-outs, headers, health, figures, logs. */
import { connect } from 'node:tls';
import { expect } from 'chai';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { issuerServer } from '../../host/issuer/http/server.js';
import type { ServerOptions } from '../../host/issuer/http/server.js';
import { addOperator } from '../../host/issuer/operator/accounts.js';
import { issuerLog } from '../../host/issuer/ops/log.js';
import type { Store } from '../../host/issuer/store/database.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { requestLimit } from '../../host/protocol/issuer/wire.js';
import { TestTls, ask } from '../helpers/https.js';
import type { Answered } from '../helpers/https.js';
import { schemeId } from '../helpers/scheme.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';

const cheap = { log_n: 4, r: 8, p: 1 };

describe('The issuer’s server', function () {
  this.timeout(60_000);
  let site: SoftIssuer;
  let pos: SoftPos;
  const tls = new TestTls(schemeId);
  const servers: FastifyInstance[] = [];

  before(async () => {
    // a clock of its own: it is set back here
    site = await SoftIssuer.open();
    pos = await site.pos();
    await addOperator(site.issuer, 'olga', 'operator', 'seven green herons', cheap);
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  after(async () => {
    await site.close();
  });

  async function serving(options: Partial<ServerOptions> = {}): Promise<{ server: FastifyInstance; url: string }> {
    const server = issuerServer(site.issuer, site.port, { tls: tls.server(), ...options });
    servers.push(server);
    return { server, url: await server.listen({ host: '127.0.0.1', port: 0 }) };
  }
  const hotList = (url: string, body = '0', of: SoftPos = pos): Promise<Answered> =>
    ask({
      url,
      path: '/v1/hotList',
      body,
      headers: { 'content-type': 'application/json' },
      tls: tls.of(of.identity, site.clock.now),
    });

  it('takes so many requests a minute of a terminal and of an address, and says when to come back', async () => {
    const { url } = await serving({ rates: { perAddress: 8, perTerminal: 3 } });
    for (let i = 0; i < 3; i++) expect((await hotList(url)).status).to.equal(200);
    const refused = await hotList(url);
    expect([refused.status, refused.json['code'], refused.json['moneyMoved']]).to.deep.equal([
      429,
      'too-many-requests',
      'no',
    ]);
    expect(Number(refused.headers['retry-after'])).to.be.within(1, 60);
    const other = await site.pos();
    for (let i = 0; i < 3; i++) expect((await hotList(url, '0', other)).status).to.equal(200);
    expect((await ask({ url, method: 'GET', path: '/health/live', tls: { ca: tls.ca } })).status).to.equal(200);
    expect((await ask({ url, method: 'GET', path: '/health/live', tls: { ca: tls.ca } })).status).to.equal(429);
  });

  it('reads no more than a route may get, however much is sent', async () => {
    const { url } = await serving();
    const { status, json } = await hotList(url, ' '.repeat(65 * 1024));
    expect([status, json['code']]).to.deep.equal([413, 'too-large']);
    const request = { url, path: '/v1/uploadBatch', headers: { 'content-type': 'application/json' } };
    const body = 'a'.repeat(requestLimit + 1);
    // the server may hang up while the rest is still being sent
    const answer = await ask({ ...request, body, tls: tls.of(pos.identity, site.clock.now) }).catch(() => undefined);
    if (answer !== undefined) expect([answer.status, answer.json['code']]).to.deep.equal([413, 'too-large']);
    expect((await hotList(url)).status).to.equal(200);
  });

  it('refuses headers that are too long', async () => {
    const { url } = await serving();
    const long = { 'x-long': 'x'.repeat(17 * 1024) };
    const { status, type, json } = await ask({
      url,
      method: 'GET',
      path: '/health/live',
      headers: long,
      tls: { ca: tls.ca },
    });
    expect([status, type, json['code']]).to.deep.equal([413, 'application/problem+json', 'too-large']);
  });

  /** Sends `text` on a connection and waits until the server closes it. */
  function until(url: string, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let got = '';
      const socket = connect({
        host: '127.0.0.1',
        port: Number(new URL(url).port),
        ca: tls.ca,
        servername: 'localhost',
      });
      socket.on('secureConnect', () => socket.write(text));
      socket.on('data', (part: Buffer) => (got += part.toString()));
      socket.on('error', reject);
      socket.on('close', () => resolve(got));
    });
  }

  it('lets go of whoever sends his request too slowly, or something that is none', async () => {
    const { url } = await serving({ times: { headers: 150, request: 300, check: 50 } });
    expect(await until(url, 'GET /health/live HTTP/1.1\r\nhost: x\r\n')).to.match(/^HTTP\/1.1 408 .*"code":"timeout"/s);
    const slowBody =
      'POST /v1/hotList HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n1';
    expect(await until(url, slowBody)).to.match(/^HTTP\/1.1 (408|401) /);
    expect(await until(url, 'hello\r\n\r\n')).to.match(/^HTTP\/1.1 400 .*"code":"malformed"/s);
  });

  it('books nothing while its clock is behind, and goes on when it is right again', async () => {
    const { url } = await serving();
    expect((await hotList(url)).status).to.equal(200);
    const before = await site.differences();
    site.clock.advance(-3600);
    const { status, json, headers } = await hotList(url);
    expect([status, json['code'], json['moneyMoved'], headers['retry-after']]).to.deep.equal([
      503,
      'clock',
      'no',
      '60',
    ]);
    expect(json['detail']).to.match(/clock shows .* nothing is booked/);
    const ready = await ask({ url, method: 'GET', path: '/health/ready', tls: { ca: tls.ca } });
    expect(ready.status).to.equal(503);
    site.clock.advance(3600);
    expect((await hotList(url)).status).to.equal(200);
    expect(await site.differences()).to.deep.equal(before);
  });

  it('adds up the figures of the first page as it starts, before anybody looks', async () => {
    const { store } = site.issuer;
    let looked = 0;
    const snapshot: Store['snapshot'] = (read) => {
      looked++;
      return store.snapshot(read);
    };
    const server = issuerServer({ ...site.issuer, store: { ...store, snapshot } }, site.port, { tls: tls.server() });
    servers.push(server);
    await server.ready();
    expect(looked).to.equal(0);
    await server.listen({ host: '127.0.0.1', port: 0 });
    expect(looked).to.equal(1);
  });

  it('is not ready while the database is away, and alive all the same', async () => {
    const away = await SoftIssuer.open();
    const server = issuerServer(away.issuer, away.port, { tls: tls.server() });
    await away.close();
    const ready = await server.inject({ method: 'GET', url: '/health/ready' });
    expect(ready.statusCode).to.be.oneOf([500, 503]);
    expect(ready.json()).to.have.property('action');
    expect((await server.inject({ method: 'GET', url: '/health/live' })).statusCode).to.equal(200);
    await server.close();
  });

  it('gives its figures to this machine, and to others only who may read them', async () => {
    const card = await site.fundedCard(20_00);
    pos.sell(card, 0, 3_50);
    await site.port.uploadBatch(pos.close());
    const { server } = await serving();
    await server.inject({ method: 'GET', url: '/v1/secret-in-the-address' });
    const { body, headers } = await server.inject({ method: 'GET', url: '/metrics', remoteAddress: '127.0.0.1' });
    expect(headers['content-type']).to.match(/^text\/plain; version=0\.0\.4/);
    expect(body).to.include('epurse_ledger_sum_minor_units{unit="EUR"} 0\n');
    expect(body).to.include('epurse_books{figure="claims_open"} 1\n').and.include('epurse_books{figure="batches"} 1\n');
    expect(body).to.match(/epurse_certificate_expiry_timestamp_seconds\{of="server",id=""\} \d{10}\n/);
    expect(body).to.include(`{of="terminal",id="${toHex(pos.identity.certificate.terminalId)}"}`);
    expect(body).to.include('epurse_http_request_seconds_count{route="none",method="GET",status="404"} 1');
    expect(body).not.to.include('secret-in-the-address');
    for (const from of [{ remoteAddress: '10.0.0.9' }, { headers: { 'x-forwarded-for': '127.0.0.1' } }]) {
      const refused = await server.inject({ method: 'GET', url: '/metrics', ...from });
      expect([refused.statusCode, refused.json<{ code: string }>().code]).to.deep.equal([401, 'not-signed-in']);
    }
  });

  it('writes one line for each request, with its trace, who asked, and no secret', async () => {
    const lines: string[] = [];
    const log = issuerLog('info', { write: (line) => void lines.push(line) });
    const { url } = await serving({ log });
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const common = {
      url,
      headers: { 'content-type': 'application/json', traceparent: `00-${trace}-b7ad6b7169203331-01` },
    };
    await ask({ ...common, path: '/v1/hotList', body: '{}', tls: tls.of(pos.identity, site.clock.now) });
    const credentials = JSON.stringify({ name: 'olga', password: 'seven green herons' });
    const signedIn = await ask({ ...common, path: '/operator/v1/session', body: credentials, tls: { ca: tls.ca } });
    expect(signedIn.status).to.equal(200);
    // a line is written when the answer has left
    while (lines.filter((line) => line.includes('"answered"')).length < 2)
      await new Promise((resolve) => setTimeout(resolve, 5));
    log.info({ body: { password: 'seven green herons', pin: '12345' } }, 'a slip');
    const written = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const requests = written.filter(({ msg }) => msg === 'answered');
    expect(
      requests.map((line) => [
        line['trace'],
        line['route'],
        line['status'],
        line['code'] ?? '',
        line['operator'] ?? '',
      ]),
    ).to.deep.equal([
      [trace, '/v1/hotList', 422, 'rejected', ''],
      [trace, '/operator/v1/session', 200, '', 'olga'],
    ]);
    expect(requests[0]?.['terminal']).to.equal(toHex(pos.identity.certificate.terminalId));
    const text = lines.join('');
    const cookie = String(signedIn.headers['set-cookie']).slice(22, 60);
    for (const secret of ['herons', '12345', cookie, String(signedIn.json['csrf'])])
      expect(text).not.to.include(secret);
    expect(pino.levels.values['info']).to.equal(written[0]?.['level']);
  });

  it('tells browsers with every answer to run nothing and to frame nothing', async () => {
    const { server } = await serving();
    const { headers } = await server.inject({ method: 'GET', url: '/health/live' });
    expect(headers['content-security-policy']).to.match(/^default-src 'none'/);
    expect(headers).to.include({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    expect(headers['strict-transport-security']).to.match(/^max-age=/);
  });
});
