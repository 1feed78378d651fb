/** The issuer over HTTP: against the real server on a ledger in memory, and against servers that misbehave. */
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { issuerServer } from '../../host/issuer/http/server.js';
import { openIssuer } from '../../host/issuer/open.js';
import type { OpenedIssuer } from '../../host/issuer/open.js';
import { initScheme } from '../../host/issuer/pki/scheme-init.js';
import { openMemoryStore } from '../../host/issuer/store/embedded.js';
import { systemClock } from '../../host/protocol/codec/time.js';
import { IssuerError } from '../../host/protocol/issuer/port.js';
import type { IssuerPort } from '../../host/protocol/issuer/port.js';
import type { Scheme } from '../../host/protocol/scheme.js';
import { Home } from '../../host/terminal/home.js';
import { readIdentity } from '../../host/terminal/identity.js';
import { httpIssuer } from '../../host/terminal/issuer-http.js';
import type { HttpIssuerOptions } from '../../host/terminal/issuer-http.js';
import { LazyIssuer } from '../../host/terminal/lazy-issuer.js';

async function errorOf(act: Promise<unknown>): Promise<IssuerError> {
  try {
    await act;
  } catch (error) {
    if (error instanceof IssuerError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('The issuer over HTTP', function () {
  this.timeout(60_000);
  let home: Home;
  let scheme: Scheme;
  let opened: OpenedIssuer;
  let server: ReturnType<typeof issuerServer>;
  let url: string;

  before(async () => {
    home = new Home(mkdtempSync(join(tmpdir(), 'epurse-http-')));
    scheme = initScheme(home).scheme;
    opened = await openIssuer(home, { store: await openMemoryStore() });
    server = issuerServer(opened.issuer, opened.port);
    await server.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  });
  after(async () => {
    await server.close();
    await opened.close();
    rmSync(home.folder, { recursive: true, force: true });
  });

  function port(name: string, changes: Partial<HttpIssuerOptions> = {}): IssuerPort {
    return httpIssuer({
      url,
      scheme: scheme.id,
      identity: readIdentity(home, name, scheme, systemClock()),
      ...changes,
    });
  }

  it('answers a terminal as it would in this process', async () => {
    const list = await port('pos').hotList(0);
    expect(list).to.deep.equal(await opened.port.hotList(0));
    expect(await port('pos').hotList(1)).to.equal(null);
  });

  it('refuses a terminal what its role may not ask', async () => {
    const request = {
      deskId: new Uint8Array(8),
      serial: new Uint8Array(8),
      signPoint: new Uint8Array(64),
      agreePoint: new Uint8Array(64),
      holder: 'x',
    };
    expect((await errorOf(port('pos').issueCard(request))).code).to.equal('rejected');
  });

  it('refuses a request that was signed by another key or long ago', async () => {
    const pos = readIdentity(home, 'pos', scheme, systemClock());
    const kiosk = readIdentity(home, 'kiosk', scheme, systemClock());
    const borrowed = port('pos', { identity: { certificate: pos.certificate, signer: kiosk.signer } });
    expect((await errorOf(borrowed.hotList(0))).code).to.equal('unknown-terminal');
    const late = port('pos', { clock: () => systemClock() - 3600 });
    expect((await errorOf(late.hotList(0))).code).to.equal('unknown-terminal');
  });

  it('gives the issuer’s own word for a card it does not know', async () => {
    const request = {
      kioskId: readIdentity(home, 'kiosk', scheme, systemClock()).certificate.terminalId,
      cardId: new Uint8Array(8),
      counter: 1,
    };
    expect((await errorOf(port('kiosk').loadStatus(request))).code).to.equal('unknown-card');
  });

  describe('that misbehaves', () => {
    const answering = (
      respond: (attempt: number) => Promise<Response> | Response,
    ): { port: IssuerPort; attempts: () => number; nonces: Set<string> } => {
      let attempts = 0;
      const nonces = new Set<string>();
      const fake = port('pos', {
        fetch: (_input, init) => {
          nonces.add(new Headers(init?.headers).get('epurse-nonce') ?? '');
          return Promise.resolve(respond(++attempts));
        },
      });
      return { port: fake, attempts: () => attempts, nonces };
    };

    it('is asked again under another nonce where no answer came, and then given up', async () => {
      const once = answering((attempt) => (attempt === 1 ? Promise.reject(new Error('reset')) : new Response('null')));
      expect(await once.port.hotList(0)).to.equal(null);
      expect(once.nonces.size).to.equal(2);
      const never = answering(() => Promise.reject(new Error('refused')));
      expect((await errorOf(never.port.hotList(0))).code).to.equal('unreachable');
      expect(never.attempts()).to.equal(2);
    });

    it('is not asked again where it said no', async () => {
      const body = JSON.stringify({ type: 'x', title: 'x', status: 422, detail: 'No.', code: 'rejected' });
      const no = answering(() => new Response(body, { status: 422 }));
      const error = await errorOf(no.port.hotList(0));
      expect([error.code, error.message, no.attempts()]).to.deep.equal(['rejected', 'No.', 1]);
    });

    it('is not believed when its answer cannot be read or is not an issuer’s', async () => {
      const cases: readonly [Response, string][] = [
        [new Response('<html>'), 'internal'],
        [new Response('{"list":"zz","signature":""}'), 'internal'],
        [new Response('{"list":"00","signature":"00","more":1}'), 'internal'],
        [new Response('gateway', { status: 502 }), 'unreachable'],
        [new Response('not here', { status: 404 }), 'internal'],
      ];
      for (const [response, code] of cases) {
        const odd = answering(() => response.clone());
        expect((await errorOf(odd.port.hotList(0))).code).to.equal(code);
      }
    });

    it('is given up after the time a terminal waits', async () => {
      const silent = port('pos', {
        patience: 20,
        attempts: 1,
        fetch: (_input, init) =>
          new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('timeout')))),
      });
      expect((await errorOf(silent.hotList(0))).code).to.equal('unreachable');
    });
  });

  it('is reached when first asked, and tried again after it could not be', async () => {
    let tries = 0;
    const lazy = new LazyIssuer(() => {
      tries++;
      return tries === 1
        ? Promise.reject(new IssuerError('busy', 'busy'))
        : Promise.resolve({ port: opened.port, close: () => Promise.resolve() });
    });
    expect(tries).to.equal(0);
    expect((await errorOf(lazy.port.hotList(0))).code).to.equal('busy');
    await lazy.port.hotList(0);
    await lazy.port.hotList(0);
    expect(tries).to.equal(2);
    await lazy.close();
  });
});
