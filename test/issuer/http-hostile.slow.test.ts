/** What somebody tries who wants more from the issuer's server than it gives, or wants it down. */
import { connect } from 'node:tls';
import { expect } from 'chai';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { issuerServer } from '../../host/issuer/http/server.js';
import { operatorRoot, operatorRoutes } from '../../host/issuer/operator/routes/index.js';
import { tableStates } from '../../host/issuer/store/state-hash.js';
import { TestTls } from '../helpers/https.js';
import { addPeople, codeOf, operatorCalls, password } from '../helpers/operator-call.js';
import type { SignedIn } from '../helpers/operator-call.js';
import { schemeId } from '../helpers/scheme.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { onEachDatabase } from './each-database.js';

/** Numbers at and beyond every limit, and texts that mean something to SQL, paths, headers, spreadsheets or C. */
const numbers = ['-0', '1e9', '2147483648', '9223372036854775808', '9'.repeat(90)];
const texts = ['a\0b', "'; drop table card; --", '../../etc/passwd', '=HYPERLINK("x")', 'a\r\nset-cookie: b=c'];
const rubbish = [...numbers, ...texts];
const amounts = ['1e9', '-0.00', '-1.00', '0.00', '9'.repeat(30), `${'9'.repeat(15)}.00`];

/** What nearly fits each route that takes a body. */
const bodies: Readonly<Record<string, readonly object[]>> = {
  '/password': texts.map((text) => ({ oldPassword: text, newPassword: `a fine ${text} password` })),
  '/cards/{cardId}/block': rubbish.map((reason) => ({ reason })),
  '/cards/{cardId}/release': rubbish.map((reason) => ({ reason })),
  '/terminals': amounts.map((amount) => ({
    acquirerId: '00000001',
    merchantId: '00000002',
    limits: [{ amount, unit: 'EUR' }],
  })),
  '/terminals/{terminalId}/revoke': rubbish.map((reason) => ({ reason })),
  '/terminals/{terminalId}/hold': rubbish.map((reason) => ({ reason })),
  '/cases/{party}/{kind}/propose': amounts.map((amount) => ({
    measures: [{ do: 'book-loss', merchant: '0'.repeat(16), money: { amount, unit: 'EUR' } }],
  })),
  '/cases/{party}/{kind}/approve': rubbish.map((revision) => ({ revision })),
  '/cases/{party}/{kind}/dismiss': rubbish.map((reason) => ({ reason })),
  '/desk/deliveries': rubbish.map((text) => ({ delivery: text, from: text, to: text })),
  '/desk/orders': ['holder', 'holder,holder_id', 'holder,replaces', 'holder,serial', 'holder,product'].flatMap((head) =>
    texts.map((text) => ({ csv: `${head}\nA,"${text.replaceAll('"', '""')}"\n"${text.replaceAll('"', '""')}",\n` })),
  ),
  '/payouts/answers': texts.map((text) => ({ content: `<Document>${text}</Document>` })),
};
const noObject = ['['.repeat(30_000), '{"reason":'.repeat(5000), '{"__proto__":{"reason":"x"}}', '1e999999999', '""'];

onEachDatabase(
  'Whoever attacks the issuer’s server',
  (open) => {
    let site: SoftIssuer;
    let server: FastifyInstance;
    let olga: SignedIn;
    const tls = new TestTls(schemeId);
    const calls = operatorCalls(() => server);

    before(async () => {
      site = await open();
      server = issuerServer(site.issuer, site.port, { tls: tls.server() });
      await addPeople(site.issuer);
      olga = await calls.as('olga');
    });
    after(() => server.close());

    it('tries no more passwords by trying many at once, from one address or from many', async () => {
      for (const [name, address] of [
        ['tess', () => '10.20.0.1'],
        ['aude', (i: number) => `10.21.0.${i}`],
      ] as const) {
        const guesses = Array.from({ length: 30 }, (_, i) => calls.signIn(name, `guess number ${i}`, address(i)));
        const codes = (await Promise.all(guesses)).map(codeOf);
        expect(codes.filter((code) => code === 'sign-in-failed')).to.have.length(5);
        expect(codes.filter((code) => code === 'too-many-requests')).to.have.length(25);
      }
      site.clock.advance(31);
      expect((await calls.signIn('tess')).statusCode).to.equal(200);
    });

    it('tries no old passwords in a session that somebody left open', async () => {
      const body = (i: number): object => ({ oldPassword: `guess number ${i}`, newPassword: 'a fine new password' });
      for (let i = 0; i < 5; i++)
        expect(codeOf(await calls.post('/password', body(i), { ...olga }))).to.equal('rejected');
      const locked = await calls.post('/password', { ...body(0), oldPassword: password }, { ...olga });
      expect([codeOf(locked), locked.headers['retry-after']]).to.deep.equal(['too-many-requests', '30']);
      site.clock.advance(31);
      const right = await calls.post('/password', { oldPassword: password, newPassword: password }, { ...olga });
      expect(right.statusCode, right.body).to.equal(204);
    });

    it('gives nobody a session of his own choice', async () => {
      const chosen = `__Host-epurse-session=${'ab'.repeat(32)}`;
      const signedIn = await calls.post('/session', { name: 'olga', password }, { cookie: chosen }, '10.0.0.1');
      expect(signedIn.statusCode).to.equal(200);
      expect(String(signedIn.headers['set-cookie'])).not.to.include('abab');
      expect(codeOf(await calls.get('/session', { cookie: chosen }))).to.equal('not-signed-in');
    });

    /** Refused by name, never as a failure of the issuer. */
    async function refuses(request: InjectOptions): Promise<void> {
      const response = await server.inject(request);
      const what = `${String(request.method)} ${JSON.stringify(request.url)} ${JSON.stringify(request.payload)}`;
      expect(response.statusCode, `${what}: ${response.body}`).to.be.within(200, 499);
      if (response.statusCode >= 400)
        expect(response.json(), what).to.include.keys('code', 'detail', 'action', 'trace');
      expect(response.headers, what).not.to.have.property('set-cookie');
    }

    const fitting: Readonly<Record<string, string>> = { account: 'float', kind: 'bad-proof', number: '1', unit: 'EUR' };
    const filled = (path: string, parameter?: string, value = ''): string =>
      operatorRoot +
      path.replace(/\{(\w+)\}/g, (_all, name: string) =>
        encodeURIComponent(name === parameter ? value : (fitting[name] ?? '0'.repeat(16))),
      );

    it('breaks no route with rubbish in any part of its address or query', async () => {
      for (const { method, path, params, query } of operatorRoutes.filter((route) => route.method === 'GET')) {
        const ask = (url: string) => refuses({ method, url, headers: { cookie: olga.cookie } });
        for (const value of rubbish) {
          for (const name of Object.keys(params.shape)) await ask(filled(path, name, value));
          for (const name of Object.keys(query.shape)) {
            // a cursor has up to four parts
            const cursors = [value, `${value}~1~1`, `1~1~${value}`, `1~x~y~${value}`];
            for (const one of name === 'after' ? cursors : [value]) {
              const asked = new URLSearchParams({ ...('unit' in query.shape ? { unit: 'EUR' } : {}), [name]: one });
              await ask(`${filled(path)}?${asked.toString()}`);
            }
          }
        }
      }
    });

    it('breaks no route with rubbish in its body, and changes nothing', async () => {
      // wrong passwords are counted, and sessions know when they were used last
      const state = async () =>
        (await tableStates(site.issuer.store.db)).filter(
          ({ table }) => table !== 'sign_in_failure' && table !== 'operator_session',
        );
      const before = await state();
      const taking = operatorRoutes.filter(({ body }) => body !== undefined);
      expect(taking.map(({ path }) => path)).to.have.members(Object.keys(bodies));
      for (const { method, path } of taking) {
        const headers = { 'content-type': 'application/json', ...olga };
        for (const payload of [...(bodies[path] ?? []).map((one) => JSON.stringify(one)), ...noObject.slice(2)])
          await refuses({ method, url: filled(path), headers, payload });
      }
      for (const payload of noObject) {
        const { statusCode } = await calls.post('/session', payload);
        expect(statusCode).to.equal(422);
      }
      expect(await state()).to.deep.equal(before);
    });

    it('learns the same of an address nobody has as of any other: a problem document, and no sooner', async () => {
      const strict = issuerServer(site.issuer, site.port, {
        tls: tls.server(),
        rates: { perAddress: 4, perTerminal: 4 },
      });
      for (const url of ['/nothing', `${operatorRoot}/nothing`, '/v1/nothing', '/%', '/%ff']) {
        const { headers, statusCode, body } = await strict.inject({ method: 'GET', url });
        expect(statusCode, url).to.be.oneOf([400, 404]);
        expect(headers['content-type'], body).to.match(/^application\/problem\+json/);
        expect(headers, url).to.include.keys('strict-transport-security', 'content-security-policy');
      }
      expect((await strict.inject('/nothing')).statusCode).to.equal(404);
      expect((await strict.inject('/nothing')).statusCode).to.equal(429);
      await strict.close();
    });

    it('is counted as one over all the addresses of his network', async () => {
      const strict = issuerServer(site.issuer, site.port, {
        tls: tls.server(),
        rates: { perAddress: 3, perTerminal: 3 },
      });
      const from = (remoteAddress: string) => strict.inject({ method: 'GET', url: '/health/live', remoteAddress });
      for (let i = 1; i <= 3; i++) expect((await from(`2001:db8:0:1::${i}`)).statusCode).to.equal(200);
      expect((await from('2001:db8:0:1:ffff::4')).statusCode).to.equal(429);
      expect((await from('2001:db8:0:2::1')).statusCode).to.equal(200);
      await strict.close();
    });

    it('hides no second request in the first', async () => {
      const address = await server.listen({ host: '127.0.0.1', port: 0 });
      const head = 'POST /v1/hotList HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
      const second = 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n';
      for (const text of [
        `${head}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${second}`,
        `${head}content-length: 0\r\ncontent-length: 5\r\n\r\n${second}`,
        `${head}content-length: -1\r\n\r\n${second}`,
        `${head}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n${second}`,
        `${head}transfer-encoding: chunked\r\n\r\nzz\r\n${second}`,
        `${head}x: a\r\n folded: b\r\n\r\n${second}`,
        `${head}x : a\r\n\r\n${second}`,
      ]) {
        const got = await answerTo(address, text);
        expect(got, text).to.match(/^HTTP\/1\.1 4\d\d /);
        expect(got, text).not.to.include('"status":"ok"');
      }
    });

    /** Sends it, and reads until the server hangs up. */
    function answerTo(address: string, text: string): Promise<string> {
      return new Promise((resolve, reject) => {
        let got = '';
        const port = Number(new URL(address).port);
        const socket = connect({ host: '127.0.0.1', port, ca: tls.ca, servername: 'localhost' });
        socket.on('secureConnect', () => socket.write(text));
        socket.on('data', (part: Buffer) => (got += part.toString()));
        socket.on('error', reject);
        socket.on('close', () => resolve(got));
      });
    }
  },
  { alone: true },
);
