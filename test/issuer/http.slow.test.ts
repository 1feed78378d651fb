import { expect } from 'chai';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { issuerServer } from '../../host/issuer/http/server.js';
import { permitted } from '../../host/issuer/http/permissions.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day, systemClock } from '../../host/protocol/codec/time.js';
import { LoadType, Role, roleNames } from '../../host/protocol/generated/enums.js';
import type { IssuerPort } from '../../host/protocol/issuer/port.js';
import { issuerMethods, issuerPath, issuerWire } from '../../host/protocol/issuer/wire.js';
import type { IssuerMethod } from '../../host/protocol/issuer/wire.js';
import type { TerminalIdentity } from '../../host/protocol/session/session.js';
import { httpIssuer } from '../../host/terminal/issuer-http.js';
import type { TerminalTls } from '../../host/terminal/tls.js';
import { TestTls, ask } from '../helpers/https.js';
import type { Answered } from '../helpers/https.js';
import { schemeId, terminal } from '../helpers/scheme.js';
import { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import type { SoftPos } from '../helpers/soft-pos.js';
import { expectRefusal } from './refusals.js';
import { onEachDatabase } from './each-database.js';

onEachDatabase('The issuer over HTTP', (open) => {
  let site: SoftIssuer;
  let server: FastifyInstance;
  let url: string;
  let pos: SoftPos;
  const tls = new TestTls(schemeId);

  before(async () => {
    site = await open();
    pos = await site.pos();
    server = issuerServer(site.issuer, site.port, { tls: tls.server() });
    url = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  after(() => server.close());

  const client = (identity: TerminalIdentity): IssuerPort =>
    httpIssuer({ url, tls: tls.of(identity, site.clock.now), attempts: 1 });

  interface Sent {
    readonly method?: IssuerMethod;
    readonly body?: string;
    readonly identity?: TerminalIdentity;
    readonly with?: Partial<TerminalTls>;
    readonly headers?: Record<string, string>;
  }

  /** A request by hand. */
  function send(sent: Sent = {}): Promise<Answered> {
    const { method = 'hotList', body = '0', identity = pos.identity } = sent;
    return ask({
      url,
      path: issuerPath(method),
      body,
      headers: { 'content-type': 'application/json', ...sent.headers },
      tls: { ca: tls.ca, ...(sent.with ?? tls.of(identity, site.clock.now)) },
    });
  }

  it('carries a card from issue to settlement like the issuer in process', async () => {
    const [desk, kiosk, shop] = [client(site.desk), client(site.kiosk), client(pos.identity)];
    const card = new SoftCard('over http');
    const { terminalId: deskId } = site.desk.certificate;
    const { terminalId: kioskId } = site.kiosk.certificate;
    const issue = {
      deskId,
      serial: card.serial,
      signPoint: card.signer.point,
      agreePoint: card.agree.point,
      holder: 'Hedy',
    };
    card.personalize(await desk.issueCard(issue));
    await desk.cardActivated(card.statement(2));
    const answer = await kiosk.authoriseLoad({ kioskId, log: card.initLoad(LoadType.load, 0, 20_00, kioskId) });
    if (answer.status !== 'authorised') return expect.fail(answer.status);
    await kiosk.loadCredited(card.credit(answer.authorisation, answer.signature));
    expect(await kiosk.loadStatus({ kioskId, cardId: card.cardId, counter: 1 })).to.deep.equal({ status: 'settled' });
    pos.sell(card, 0, 3_50);
    const batch = pos.close();
    expect(await shop.uploadBatch(batch)).to.deep.equal(await site.port.uploadBatch(batch));
    expect((await kiosk.synchronise(card.log())).length).to.equal(1);
    expect(await shop.hotList(0)).to.deep.equal(await site.port.hotList(0));
    const { terminalId } = pos.identity.certificate;
    expect((await shop.entryAnswer({ terminalId, cardId: card.cardId, tn: 1, ntSeen: 1 })).status).to.equal('executed');
    const order = { deskId, order: 'pinReset' as const, proof: card.statement(2), reason: 'forgotten' };
    expect(await desk.orderFor(order)).to.deep.equal(await site.port.orderFor(order));
    expect(await site.shadow(card)).to.deep.equal([16_50, 0, 3]);
    expect(await site.differences()).to.deep.equal([]);
  });

  it('passes refusals on with code and sentence', async () => {
    const { terminalId: kioskId } = site.kiosk.certificate;
    await expectRefusal(
      client(site.kiosk).loadStatus({ kioskId, cardId: new Uint8Array(8), counter: 1 }),
      'unknown-card',
      /0000000000000000 was never issued/,
    );
    await expectRefusal(
      client(pos.identity).uploadBatch({
        batch: new Uint8Array(9),
        signature: new Uint8Array(70),
        terminalCertificate: pos.identity.certificate.bytes,
      }),
      'rejected',
      /batch cannot be read/,
    );
  });

  it('answers refusals with a problem document (RFC 9457) that says whether money moved and what to do', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { status, type, json } = await send({
      body: '{"nonsense":1}',
      headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    });
    expect([status, type]).to.deep.equal([422, 'application/problem+json; charset=utf-8']);
    expect(json).to.deep.equal({
      type: 'urn:epurse:problem:rejected',
      title: 'Not accepted',
      status: 422,
      detail: 'The request does not fit: Invalid input: expected number, received object.',
      code: 'rejected',
      moneyMoved: 'no',
      action: 'Correct what the detail names, then send it again.',
      trace,
    });
  });

  it('gives a request without a trace, or with a malformed one, a trace of its own', async () => {
    for (const traceparent of ['', '00-00000000000000000000000000000000-00f067aa0ba902b7-01', 'x'.repeat(55)]) {
      const { json } = await send({ body: '{}', headers: { traceparent } });
      expect(json['trace']).to.match(/^[0-9a-f]{32}$/);
    }
  });

  describe('[R11] takes no request', () => {
    const later = 3600;
    const foreign = new TestTls(schemeId);
    const otherScheme = new TestTls(schemeId + 1);
    const of = ({ certificate: { terminalId, role } }: TerminalIdentity) => ({ terminalId, role });
    const known = (): ReturnType<typeof of> => of(pos.identity);
    const name = (changes: object = {}) => ({
      organization: `epurse scheme ${schemeId}`,
      unit: 'pos',
      common: toHex(pos.identity.certificate.terminalId),
      ...changes,
    });
    const wrongs: readonly [string, () => Partial<TerminalTls>, RegExp][] = [
      ['without a certificate', () => ({}), /shows no certificate/],
      [
        'with a certificate of another CA of the same name',
        () => ({ ...foreign.client(known(), site.clock.now), ca: tls.ca }),
        /not of this scheme/,
      ],
      [
        'with a certificate of another scheme',
        () => ({ ...otherScheme.client(known(), site.clock.now), ca: tls.ca }),
        /not of this scheme/,
      ],
      [
        'with a certificate that has run out',
        () => tls.client(known(), site.clock.now - 2 * later, later),
        /ran out at 20/,
      ],
      ['with a certificate from the future', () => tls.client(known(), site.clock.now + later), /not valid before/],
      [
        'with the certificate of a server',
        () => tls.odd(site.clock.now, { subject: name(), purpose: { kind: 'server', names: ['pos'] } }),
        /none for terminals/,
      ],
      [
        'with the certificate of a CA',
        () => tls.odd(site.clock.now, { subject: name(), purpose: { kind: 'authority' } }),
        /none for terminals/,
      ],
      [
        'with a certificate that names no terminal',
        () => tls.odd(site.clock.now, { subject: name({ common: 'root' }), purpose: { kind: 'client' } }),
        /names no terminal/,
      ],
      [
        'with a certificate that names a role that is none',
        () => tls.odd(site.clock.now, { subject: name({ unit: 'operator' }), purpose: { kind: 'client' } }),
        /names no terminal/,
      ],
      [
        'of a terminal that was never registered',
        () => tls.client(of(terminal(Role.pos, 'nobody knows')), site.clock.now),
        /not registered here/,
      ],
      [
        'of a terminal in another role than its own',
        () => tls.client({ ...known(), role: Role.load }, site.clock.now),
        /another role|may not ask/,
      ],
    ];
    for (const [what, make, sentence] of wrongs) {
      it(what, async () => {
        const { status, json } = await send({ with: make() });
        expect([status, json['code'], json['moneyMoved']]).to.deep.equal([401, 'unknown-terminal', 'no']);
        expect(json['detail']).to.match(sentence);
      });
    }

    it('whose key is not that of its certificate: the connection does not open', async () => {
      const mine = tls.client(known(), site.clock.now);
      const other = tls.client(known(), site.clock.now);
      let refusal = '';
      await send({ with: { ...mine, key: other.key } }).catch((error: Error) => (refusal = error.message));
      expect(refusal).to.match(/key values mismatch/);
    });

    it('over plain HTTP', async () => {
      let refusal: unknown;
      await fetch(`${url.replace('https', 'http')}/health/live`).catch((error: unknown) => (refusal = error));
      expect(refusal).to.be.instanceOf(TypeError);
    });

    it('on a connection that is open already, once the certificate has run out', async () => {
      const port = httpIssuer({ url, tls: tls.client(known(), site.clock.now, 10), attempts: 1 });
      await port.hotList(0);
      site.clock.advance(11);
      await expectRefusal(port.hotList(0), 'unknown-terminal', /ran out/);
    });

    it('of a revoked terminal, on the connection it has open too', async () => {
      const shop = await site.pos();
      const { identity } = shop;
      const port = client(identity);
      await port.hotList(0);
      await site.issuer.store.db
        .updateTable('terminal')
        .set({ revoked_at: site.clock.now })
        .where('terminal_id', '=', toHex(identity.certificate.terminalId))
        .execute();
      await expectRefusal(port.hotList(0), 'unknown-terminal', /^The terminal was revoked.$/);
      // what it sold before is owed
      await port.uploadBatch(shop.close());
    });
  });

  describe('[R7] lets no terminal do', () => {
    for (const method of issuerMethods) {
      for (const [name, identity] of [
        ['pos', () => pos.identity],
        ['load', () => site.kiosk],
        ['perso', () => site.desk],
      ] as const) {
        if (permitted[method].some((role) => roleNames[role] === name)) continue;
        it(`what its role does not: ${name} ${method}`, async () => {
          const { status, json } = await send({ method, body: '{}', identity: identity() });
          expect([status, json['code']]).to.deep.equal([422, 'rejected']);
          expect(json['detail']).to.include(method);
        });
      }
    }

    it('anything in the name of another', async () => {
      const other = await site.pos();
      const { terminalId } = other.identity.certificate;
      const question = { terminalId, cardId: new Uint8Array(8), tn: 1, ntSeen: 1 };
      await expectRefusal(
        client(pos.identity).entryAnswer(question),
        'rejected',
        /terminalId is not that of the terminal that asks/,
      );
    });
  });

  describe('refuses what does not fit', () => {
    const bodies: readonly [string, string, number, RegExp][] = [
      ['no JSON', 'hotList please', 422, /not JSON/],
      ['an empty body', '', 422, /not JSON/],
      ['a text for a number', '"0"', 422, /does not fit/],
      ['a negative version', '-1', 422, /does not fit/],
      ['a version with a fraction', '0.5', 422, /does not fit/],
      ['a number beyond 32 bits', '4294967296', 422, /does not fit/],
      ['64 KB and more', ' '.repeat(64 * 1024 + 1), 413, /too large/],
    ];
    for (const [what, body, expected, sentence] of bodies) {
      it(what, async () => {
        const { status, json } = await send({ body });
        expect(status).to.equal(expected);
        expect(json['detail']).to.match(sentence);
      });
    }

    it('fields that are unknown, missing, too short or too long', async () => {
      const good = z.encode(issuerWire.loadStatus.request, {
        kioskId: site.kiosk.certificate.terminalId,
        cardId: new Uint8Array(8),
        counter: 1,
      });
      for (const bad of [
        { ...good, more: 1 },
        { ...good, cardId: undefined },
        { ...good, cardId: '00' },
        { ...good, cardId: `${good.cardId}00` },
        { ...good, cardId: 'zz'.repeat(8) },
      ]) {
        const { status, json } = await send({
          method: 'loadStatus',
          identity: site.kiosk,
          body: JSON.stringify(bad),
        });
        expect([status, json['code']]).to.deep.equal([422, 'rejected']);
      }
    });

    it('another content type, method or path', async () => {
      expect((await send({ headers: { 'content-type': 'text/plain' } })).status).to.equal(415);
      expect((await server.inject({ method: 'GET', url: issuerPath('hotList') })).statusCode).to.equal(404);
      expect((await server.inject({ method: 'POST', url: '/v1/mint' })).json()).to.include({ status: 404 });
    });
  });

  it('says that it is well without being asked who asks', async () => {
    expect((await server.inject({ method: 'GET', url: '/health/ready' })).json()).to.deep.equal({ status: 'ok' });
  });

  describe('is not taken for the issuer by a terminal', () => {
    const reach = (to: string, with_?: TerminalTls): Promise<unknown> =>
      httpIssuer({ url: to, tls: with_ ?? tls.of(pos.identity, site.clock.now), attempts: 1 }).hotList(0);

    it('when nobody listens', async () => {
      await expectRefusal(reach('https://127.0.0.1:1'), 'unreachable', /does not answer/);
    });

    it('when the address is not https', async () => {
      await expectRefusal(reach(url.replace('https', 'http')), 'unreachable', /no https address/);
    });

    const impostors: readonly [string, () => ReturnType<TestTls['server']>, RegExp][] = [
      ['with a certificate of another CA', () => new TestTls(schemeId).server(), /not the issuer of this scheme/],
      ['with the name of another host', () => tls.server(['issuer.example']), /for another host/],
      ['with a certificate that has run out', () => tls.server(undefined, systemClock() - 100 * day), /has run out/],
      ['with one from the future', () => tls.server(undefined, systemClock() + day), /not valid yet/],
    ];
    for (const [what, credentials, sentence] of impostors) {
      it(what, async () => {
        const impostor = issuerServer(site.issuer, site.port, { tls: credentials() });
        const there = await impostor.listen({ host: '127.0.0.1', port: 0 });
        try {
          await expectRefusal(reach(there), 'unreachable', sentence);
        } finally {
          await impostor.close();
        }
      });
    }

    it('with the certificate of a terminal', async () => {
      const { key, certificate: cert } = tls.client(pos.identity.certificate, systemClock());
      const impostor = issuerServer(site.issuer, site.port, { tls: { key, cert, ca: tls.ca } });
      const there = await impostor.listen({ host: '127.0.0.1', port: 0 });
      try {
        await expectRefusal(reach(there), 'unreachable', /not the issuer of this scheme/);
      } finally {
        await impostor.close();
      }
    });
  });
});
