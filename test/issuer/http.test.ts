import { expect } from 'chai';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { issuerServer } from '../../host/issuer/http/server.js';
import { permitted } from '../../host/issuer/http/permissions.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { LoadType, Role, roleNames } from '../../host/protocol/generated/enums.js';
import type { IssuerPort } from '../../host/protocol/issuer/port.js';
import { requestHeaders, requestTolerance, signRequest } from '../../host/protocol/issuer/request-auth.js';
import { issuerMethods, issuerPath, issuerWire } from '../../host/protocol/issuer/wire.js';
import type { IssuerMethod } from '../../host/protocol/issuer/wire.js';
import type { TerminalIdentity } from '../../host/protocol/session/session.js';
import { httpIssuer } from '../../host/terminal/issuer-http.js';
import { bytesFor, repeatableRandom, signerFor } from '../helpers/keys.js';
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
  const random = repeatableRandom('http');

  before(async () => {
    site = await open();
    pos = await site.pos();
    server = issuerServer(site.issuer, site.port);
    url = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  after(() => server.close());

  const client = (identity: TerminalIdentity): IssuerPort =>
    httpIssuer({ url, scheme: schemeId, identity, clock: site.clock.read, random, attempts: 1 });

  interface Sent {
    readonly method?: IssuerMethod;
    readonly body?: string;
    readonly identity?: TerminalIdentity;
    readonly time?: number;
    readonly nonce?: Uint8Array;
    readonly headers?: Record<string, string>;
    readonly signedBody?: string;
    readonly signedPath?: string;
  }

  /** A request by hand, so that any part of it can be wrong. */
  async function send(sent: Sent = {}): Promise<{ status: number; type: string; problem: Record<string, unknown> }> {
    const { method = 'hotList', body = '0', identity = pos.identity, time = site.clock.now, nonce = random(16) } = sent;
    const { terminalId, bytes: certificate } = identity.certificate;
    const target = sent.signedPath ?? issuerPath(method);
    const signed = { method: 'POST', target, body: new TextEncoder().encode(sent.signedBody ?? body) };
    const headers = signRequest(
      signed,
      { scheme: schemeId, terminalId, certificate, signer: identity.signer },
      time,
      nonce,
    );
    const response = await server.inject({
      method: 'POST',
      url: issuerPath(method),
      payload: body,
      headers: { 'content-type': 'application/json', ...headers, ...sent.headers },
    });
    const type = String(response.headers['content-type'] ?? '');
    return {
      status: response.statusCode,
      type,
      problem: response.body === '' ? {} : response.json<Record<string, unknown>>(),
    };
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

  it('answers refusals with a problem document (RFC 9457)', async () => {
    const { status, type, problem } = await send({ body: '{"nonsense":1}' });
    expect([status, type]).to.deep.equal([422, 'application/problem+json; charset=utf-8']);
    expect(problem).to.include({
      type: 'urn:epurse:problem:rejected',
      title: 'Not accepted',
      status: 422,
      code: 'rejected',
    });
  });

  describe('[R11] takes no request', () => {
    it('without proof of a terminal', async () => {
      const response = await server.inject({
        method: 'POST',
        url: issuerPath('hotList'),
        payload: '0',
        headers: { 'content-type': 'application/json' },
      });
      expect(response.statusCode).to.equal(401);
      expect(response.json()).to.include({ code: 'unknown-terminal' });
    });

    const wrongs: readonly [string, () => Sent, RegExp][] = [
      ['twice (R12)', () => ({ nonce: bytesFor('one nonce', 16) }), /sent before/],
      ['that is too old', () => ({ time: site.clock.now - requestTolerance - 1 }), /300 seconds away/],
      ['from the future', () => ({ time: site.clock.now + requestTolerance + 1 }), /300 seconds away/],
      ['whose body was changed', () => ({ body: '1', signedBody: '0' }), /signature of the request does not hold/],
      [
        'signed for another method',
        () => ({ signedPath: issuerPath('entryAnswer') }),
        /signature of the request does not hold/,
      ],
      [
        'signed by another key',
        () => ({ identity: { ...pos.identity, signer: signerFor('thief') } }),
        /signature of the request does not hold/,
      ],
      [
        'with another certificate of the scheme',
        () => ({ headers: { [requestHeaders.certificate]: toHex(site.kiosk.certificate.bytes) } }),
        /signature of the request does not hold/,
      ],
      [
        'with a certificate of another scheme',
        () => ({
          identity: terminal(Role.pos, 'foreign', {
            ca: signerFor('foreign CA'),
            expiry: site.clock.now + 1000,
            effective: site.clock.now - 1000,
          }),
        }),
        /signature of the certificate does not hold/,
      ],
      [
        'with a certificate that has run out',
        () => ({ identity: terminal(Role.pos, 'late', { effective: site.clock.now - 2000, expiry: site.clock.now }) }),
        /valid until/,
      ],
      ['with a malformed time', () => ({ headers: { [requestHeaders.time]: '1e9' } }), /no proof/],
      ['with a malformed signature', () => ({ headers: { [requestHeaders.signature]: 'xyz' } }), /no proof/],
      ['with a long certificate', () => ({ headers: { [requestHeaders.certificate]: '00'.repeat(240) } }), /no proof/],
    ];
    for (const [what, make, sentence] of wrongs) {
      it(what, async () => {
        const sent = make();
        if (what.startsWith('twice')) expect((await send(sent)).status).to.equal(200);
        const { status, problem } = await send(sent);
        expect([status, problem['code']]).to.deep.equal([401, 'unknown-terminal']);
        expect(problem['detail']).to.match(sentence);
      });
    }

    it('of a revoked terminal', async () => {
      const { identity } = await site.pos();
      expect((await send({ identity })).status).to.equal(200);
      const id = toHex(identity.certificate.terminalId);
      await site.issuer.store.db
        .updateTable('terminal')
        .set({ revoked_at: site.clock.now })
        .where('terminal_id', '=', id)
        .execute();
      const { status, problem } = await send({ identity });
      expect([status, problem['detail']]).to.deep.equal([401, 'The terminal was revoked.']);
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
          const { status, problem } = await send({ method, body: '{}', identity: identity() });
          expect([status, problem['code']]).to.deep.equal([422, 'rejected']);
          expect(problem['detail']).to.include(method);
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
        const { status, problem } = await send({ body });
        expect(status).to.equal(expected);
        expect(problem['detail']).to.match(sentence);
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
        const { status, problem } = await send({
          method: 'loadStatus',
          identity: site.kiosk,
          body: JSON.stringify(bad),
        });
        expect([status, problem['code']]).to.deep.equal([422, 'rejected']);
      }
    });

    it('another content type, method or path', async () => {
      expect((await send({ headers: { 'content-type': 'text/plain' } })).status).to.equal(415);
      expect((await server.inject({ method: 'GET', url: issuerPath('hotList') })).statusCode).to.equal(404);
      expect((await server.inject({ method: 'POST', url: '/v1/mint' })).json()).to.include({ status: 404 });
    });
  });

  it('says that it is well without being asked who asks', async () => {
    expect((await server.inject({ method: 'GET', url: '/health' })).json()).to.deep.equal({ status: 'ok' });
  });

  it('is unreachable, and said to be, when nobody listens', async () => {
    const nobody = httpIssuer({ url: 'http://127.0.0.1:1', scheme: schemeId, identity: pos.identity, attempts: 1 });
    await expectRefusal(nobody.hotList(0), 'unreachable');
  });
});
