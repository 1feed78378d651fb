/** Operators over HTTPS: signing in, what keeps strangers out, and who may do what. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { issuerServer } from '../../host/issuer/http/server.js';
import { addOperator, disableOperator, resetOperator } from '../../host/issuer/operator/accounts.js';
import { countTry, waitFor } from '../../host/issuer/operator/lock-out.js';
import { operatorRoles, permissions } from '../../host/issuer/operator/permissions.js';
import type { Permission } from '../../host/issuer/operator/permissions.js';
import { operatorRoutes } from '../../host/issuer/operator/routes/index.js';
import { sessionTimes } from '../../host/issuer/operator/sessions.js';
import type { OperatorRole } from '../../host/issuer/store/schema-operators.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { TestTls } from '../helpers/https.js';
import { projectRoot } from '../helpers/project.js';
import { schemeId } from '../helpers/scheme.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { addPeople, cheap, codeOf, operatorCalls, password, people } from '../helpers/operator-call.js';
import type { SignedIn } from '../helpers/operator-call.js';
import { onEachDatabase } from './each-database.js';
import { expectRefusal } from './refusals.js';

onEachDatabase('Operators', (open) => {
  let site: SoftIssuer;
  let server: FastifyInstance;

  before(async () => {
    site = await open();
    server = issuerServer(site.issuer, site.port, { tls: new TestTls(schemeId).server() });
    await addPeople(site.issuer);
  });
  after(() => server.close());

  const call = (request: InjectOptions): Promise<LightMyRequestResponse> => server.inject(request);
  const { post, get, signIn, as } = operatorCalls(() => server);

  describe('sign in', () => {
    it('with a cookie that scripts and other sites cannot use, and a session that names them', async () => {
      const response = await signIn('olga');
      const cookie = String(response.headers['set-cookie']);
      expect(cookie).to.match(/^__Host-epurse-session=[0-9a-f]{64}; /);
      for (const rule of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/']) expect(cookie).to.include(rule);
      const who = await as('olga');
      const session = await get('/session', who);
      expect(session.json()).to.include({ name: 'olga', role: 'operator', csrf: who['x-csrf-token'] });
      expect(session.headers['cache-control']).to.equal('no-store');
    });

    it('and leave nothing at the issuer with which a reader of the database could', async () => {
      const who = await as('olga');
      const cookie = who.cookie.split('=')[1] ?? '';
      const rows = await site.issuer.store.db.selectFrom('operator_session').selectAll().execute();
      expect(rows.map(({ id_hash }) => toHex(new Uint8Array(id_hash)))).not.to.include(cookie);
      const { salt, hash } = await site.issuer.store.db
        .selectFrom('operator')
        .select(['salt', 'hash'])
        .where('name', '=', 'olga')
        .executeTakeFirstOrThrow();
      expect(Buffer.from(hash).includes(Buffer.from(password))).to.equal(false);
      expect(salt).to.have.length(16);
    });

    it('the same way whether name or password is wrong', async () => {
      for (const name of ['nobody', 'tess']) {
        const response = await signIn(name, 'a wrong password', '10.0.0.2');
        expect([response.statusCode, codeOf(response)]).to.deep.equal([401, 'sign-in-failed']);
        expect(response.json<{ detail: string }>().detail).to.equal('Name or password is wrong.');
      }
    });

    it('not by guessing: more wrong passwords, longer waits', async () => {
      const address = '10.1.0.1';
      for (let i = 0; i < 5; i++)
        expect(codeOf(await signIn('aude', `guess ${i}`, address))).to.equal('sign-in-failed');
      const locked = await signIn('aude', password, address);
      expect([locked.statusCode, codeOf(locked)]).to.deep.equal([429, 'too-many-requests']);
      expect(locked.headers['retry-after']).to.equal('30');
      site.clock.advance(31);
      expect(codeOf(await signIn('aude', 'guess 6', address))).to.equal('sign-in-failed');
      expect((await signIn('aude', password, '10.9.9.9')).headers['retry-after']).to.equal('60');
      site.clock.advance(61);
      expect((await signIn('aude', password, address)).statusCode).to.equal(200);
    });

    it('not by finding out which names exist: one that nobody has is locked alike', async () => {
      for (let i = 0; i < 5; i++) await countTry(site.issuer.store.db, ['name mallory'], site.clock.now);
      const locked = await signIn('mallory', password, '10.1.0.2');
      expect([locked.statusCode, locked.headers['retry-after']]).to.deep.equal([429, '30']);
    });

    it('not by trying one password on many names', async () => {
      for (let i = 0; i < 20; i++)
        await countTry(site.issuer.store.db, [`name name${i}`, 'address 10.2.0.1'], site.clock.now);
      expect((await signIn('olga', password, '10.2.0.1')).statusCode).to.equal(429);
      expect((await signIn('olga', password, '10.2.0.2')).statusCode).to.equal(200);
    });

    it('and wait a quarter of an hour at most; a day later all is forgotten', async () => {
      const { db } = site.issuer.store;
      let now = site.clock.now;
      for (let i = 0; i < 40; i++) {
        now += await waitFor(db, ['name trudy'], now);
        expect(await countTry(db, ['name trudy'], now)).to.deep.equal({ failures: i + 1 });
      }
      expect(await countTry(db, ['name trudy'], now)).to.deep.equal({ wait: 900 });
      expect(await countTry(db, ['name trudy'], now + 25 * 3600)).to.deep.equal({ failures: 1 });
    });

    it('no more once disabled, and again once reset', async () => {
      await addOperator(site.issuer, 'temp', 'teller', password, cheap);
      const who = await as('temp');
      await disableOperator(site.issuer, 'temp');
      expect(codeOf(await get('/session', who))).to.equal('not-signed-in');
      expect(codeOf(await signIn('temp', password, '10.3.0.1'))).to.equal('sign-in-failed');
      await resetOperator(site.issuer, 'temp', 'another long password');
      expect((await signIn('temp', 'another long password', '10.3.0.1')).statusCode).to.equal(200);
    });

    it('not with what is no name and password', async () => {
      for (const body of [{}, { name: 'olga' }, { name: 'olga', password: 5 }, { name: 'x'.repeat(65), password }, []])
        expect((await post('/session', body)).statusCode).to.equal(422);
      const { statusCode } = await signIn("olga' or '1'='1", "' or '1'='1", '10.4.0.1');
      expect(statusCode).to.equal(401);
    });
  });

  describe('stay signed in', () => {
    it('not without requests, nor for ever', async () => {
      const idle = await as('olga');
      site.clock.advance(sessionTimes.idle + 1);
      expect(codeOf(await get('/session', idle))).to.equal('not-signed-in');
      const busy = await as('olga');
      for (let t = 0; t <= sessionTimes.longest - 600; t += 600) {
        expect((await get('/session', busy)).statusCode).to.equal(200);
        site.clock.advance(600);
      }
      site.clock.advance(1);
      expect(codeOf(await get('/session', busy))).to.equal('not-signed-in');
    });

    it('until they sign out', async () => {
      const who = await as('olga');
      const out = await call({ method: 'DELETE', url: '/operator/v1/session', headers: { ...who } });
      expect(out.statusCode).to.equal(204);
      expect(String(out.headers['set-cookie'])).to.match(/^__Host-epurse-session=; .*Expires=Thu, 01 Jan 1970/);
      expect(codeOf(await get('/session', who))).to.equal('not-signed-in');
    });

    it('here and nowhere else, when they change their password', async () => {
      await addOperator(site.issuer, 'pia', 'operator', password, cheap);
      const [here, elsewhere] = [await as('pia'), await as('pia')];
      const change = (oldPassword: string, newPassword: string) =>
        post('/password', { oldPassword, newPassword }, { ...here });
      expect((await change('not the old one', 'a fine new password')).json()).to.include({ code: 'rejected' });
      for (const weak of ['short', 'aaaaaaaaaaaaaaaa', 'pia is my name here'])
        expect((await change(password, weak)).statusCode, weak).to.equal(422);
      expect((await change(password, 'a fine new password')).statusCode).to.equal(204);
      expect((await get('/session', here)).statusCode).to.equal(200);
      expect((await get('/session', elsewhere)).statusCode).to.equal(401);
      expect((await signIn('pia', password, '10.5.0.1')).statusCode).to.equal(401);
    });
  });

  describe('are not made to do what they did not ask for', () => {
    const card = '0123456789abcdef';
    const attempts: readonly [string, (who: SignedIn) => Record<string, string>][] = [
      ['without the token of the session', ({ cookie }) => ({ cookie })],
      ['with the token of another session', ({ cookie }) => ({ cookie, 'x-csrf-token': '0'.repeat(64) })],
      ['from another site', (who) => ({ ...who, host: 'issuer.example', origin: 'https://evil.example' })],
      ['from a page without a site', (who) => ({ ...who, origin: 'null' })],
      ['from a page of another host, as the browser says', (who) => ({ ...who, 'sec-fetch-site': 'cross-site' })],
      ['from a sister host', (who) => ({ ...who, 'sec-fetch-site': 'same-site' })],
    ];
    for (const [how, headers] of attempts)
      it(how, async () => {
        const response = await post(`/cards/${card}/block`, { reason: 'x' }, headers(await as('olga')));
        expect([response.statusCode, codeOf(response)]).to.deep.equal([403, 'cross-site']);
      });

    it('by being signed in from another site', async () => {
      const response = await post(
        '/session',
        { name: 'olga', password },
        { origin: 'https://evil.example', host: 'h' },
      );
      expect(codeOf(response)).to.equal('cross-site');
    });

    it('but are, from the dashboard’s own pages', async () => {
      const own = { origin: 'https://localhost:8420', host: 'localhost:8420', 'sec-fetch-site': 'same-origin' };
      const response = await post(`/cards/${card}/block`, { reason: 'x' }, { ...(await as('olga')), ...own });
      expect([response.statusCode, codeOf(response)]).to.deep.equal([404, 'unknown-card']);
    });
  });

  describe('[R7] do what their role allows', () => {
    const address = (path: string): string =>
      path.replace(
        /\{(\w+)\}/g,
        (_all, name: string) => ({ number: '1', kind: 'x', account: 'float' })[name] ?? '0'.repeat(16),
      );

    it('nothing at all without signing in', async () => {
      for (const { method, path } of operatorRoutes) {
        const response = await call({ method, url: `/operator/v1${address(path)}`, headers: {} });
        expect([response.statusCode, codeOf(response)], path).to.deep.equal([401, 'not-signed-in']);
      }
    });

    for (const [name, role] of Object.entries(people))
      it(`a ${role} is refused the rest, route by route`, async () => {
        const who = await as(name);
        for (const { method, path, permission } of operatorRoutes) {
          if (permission === 'session') continue;
          const response = await call({ method, url: `/operator/v1${address(path)}`, headers: { ...who } });
          const allowed = (permissions[permission] as readonly OperatorRole[]).includes(role);
          expect(codeOf(response) !== 'forbidden', `${method} ${path}`).to.equal(allowed);
        }
      });

    it('as the table of docs/operations.md says', () => {
      const docs = readFileSync(join(projectRoot, 'docs', 'operations.md'), 'utf8');
      for (const [name, roles] of Object.entries(permissions)) {
        const marks = operatorRoles.map((role) => ((roles as readonly OperatorRole[]).includes(role) ? 'yes' : ''));
        expect(docs).to.include(`| \`${name}\` | ${marks.join(' | ')} |`);
      }
    });

    it('an auditor changes nothing', () => {
      const changing = operatorRoutes.filter(({ method, permission }) => method !== 'GET' && permission !== 'session');
      expect(changing).to.have.length.above(4);
      for (const { permission } of changing) expect(permissions[permission as Permission]).not.to.include('auditor');
    });
  });

  describe('do', () => {
    it('block and release a card and revoke a terminal, each told to the audit log with their name', async () => {
      const olga = await as('olga');
      const cardId = toHex((await site.card('Ada "; drop table card; --')).cardId);
      const pos = await site.pos();
      const terminalId = toHex(pos.identity.certificate.terminalId);
      const reason = { reason: '<script>alert(1)</script>' };
      for (const path of [`/cards/${cardId}/block`, `/cards/${cardId}/release`, `/terminals/${terminalId}/revoke`])
        for (const again of [false, true])
          expect((await post(path, reason, { ...olga })).statusCode, `${path} ${again}`).to.equal(204);
      const { rows } = (await get('/audit?limit=3', olga)).json<{
        rows: { action: string; actor: object; detail: string }[];
      }>();
      expect(rows.map(({ action }) => action)).to.deep.equal(['terminal-revoked', 'card-released', 'card-blocked']);
      for (const { actor } of rows) expect(actor).to.deep.equal({ kind: 'operator', name: 'olga' });
      expect(rows[0]?.detail).to.include('<script>');
      const question = { terminalId: pos.identity.certificate.terminalId, cardId: new Uint8Array(8), tn: 1, ntSeen: 1 };
      await expectRefusal(site.port.entryAnswer(question), 'unknown-terminal', /revoked/);
    });

    it('find by text that is text, whatever is in it', async () => {
      const olga = await as('olga');
      for (const text of ["'; drop table card; --", '%', '_', '<b>', '\\', 'ẞ😀']) {
        const response = await get(`/cards?text=${encodeURIComponent(text)}`, olga);
        expect(response.statusCode, text).to.equal(200);
        expect(response.headers['content-type']).to.match(/^application\/json/);
      }
      const { rows } = (await get(`/cards?text=${encodeURIComponent('"; drop table')}`, olga)).json<{
        rows: object[];
      }>();
      expect(rows).to.have.length(1);
    });

    it('see the figures of every page', async () => {
      const olga = await as('olga');
      for (const path of [
        '/today',
        '/ledger',
        '/ledger/cards/parties?unit=EUR',
        '/postings',
        '/keys',
        '/audit',
        '/cases',
        '/terminals',
        '/batches',
      ])
        expect((await get(path, olga)).statusCode, path).to.equal(200);
    });

    it('get a clear refusal of what does not fit', async () => {
      const olga = await as('olga');
      for (const [path, sentence] of [
        ['/cards/xyz', /address does not fit: cardId/],
        ['/cards?limit=0', /query does not fit: limit/],
        ['/cards?limit=5000', /query does not fit: limit/],
        ['/cards?colour=red', /query does not fit/],
        ['/cards?after=rubbish', /cursor/],
        ['/batches/0000000000000000/0', /number/],
        ['/ledger/gold/parties?unit=EUR', /no account/],
        ['/ledger/cards/parties?unit=GBP', /no unit/],
      ] as const) {
        const response = await get(path, olga);
        expect(response.statusCode, path).to.equal(422);
        expect(response.json<{ detail: string }>().detail).to.match(sentence);
      }
    });
  });
});
