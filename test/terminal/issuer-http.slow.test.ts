/** The issuer over HTTP: against the real server on a ledger in memory, and against servers that misbehave. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { issuerServer } from '../../host/issuer/http/server.js';
import { openIssuer } from '../../host/issuer/open.js';
import type { OpenedIssuer } from '../../host/issuer/open.js';
import { renewTerminal } from '../../host/issuer/pki/renew.js';
import { initScheme } from '../../host/issuer/pki/scheme-init.js';
import { serverCredentials, tlsKeys } from '../../host/issuer/pki/tls.js';
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
import { Failure } from '../../host/terminal/outcome.js';
import { readTls } from '../../host/terminal/tls.js';
import type { Exchange, HttpAnswer } from '../../host/terminal/https.js';
import { traceIdIn } from '../../host/protocol/issuer/trace-context.js';

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
    const tls = serverCredentials(home, tlsKeys(home, scheme.id, systemClock()), ['127.0.0.1'], systemClock());
    server = issuerServer(opened.issuer, opened.port, { tls });
    await server.listen({ host: '127.0.0.1', port: 0 });
    url = `https://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  });
  after(async () => {
    await server.close();
    await opened.close();
    rmSync(home.folder, { recursive: true, force: true });
  });

  function port(name: string, changes: Partial<HttpIssuerOptions> = {}): IssuerPort {
    return httpIssuer({ url, tls: readTls(home, name), ...changes });
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

  it('knows a terminal that was renewed while it ran', async () => {
    const { authority } = tlsKeys(home, scheme.id, systemClock());
    renewTerminal(home, scheme, 'pos', systemClock() + 1);
    expect((await port('pos').hotList(0))?.list).to.have.length.above(0);
    expect(tlsKeys(home, scheme.id, systemClock()).authority.certificate).to.deep.equal(authority.certificate);
  });

  it('is reached with what is in the terminal’s folder, or not at all', () => {
    const path = (file: string): string => home.path('terminals', 'desk', file);
    for (const [file, content] of [
      ['tls-key.json', 'x'],
      ['tls.pem', readFileSync(home.path('terminals', 'pos', 'tls.pem'))],
      ['ca.pem', readFileSync(path('tls.pem'))],
    ] as const) {
      const kept = readFileSync(path(file));
      writeFileSync(path(file), content);
      expect(() => readTls(home, 'desk'), file)
        .to.throw(Failure)
        .with.property('code', 'keys-unreadable');
      rmSync(path(file));
      expect(() => readTls(home, 'desk'), file)
        .to.throw(Failure)
        .with.property('code', 'home-empty');
      writeFileSync(path(file), kept, { mode: 0o600 });
    }
    writeFileSync(path('tls-key.json'), 'x');
    renewTerminal(home, scheme, 'desk', systemClock());
    expect(readTls(home, 'desk').key).to.match(/^-----BEGIN PRIVATE/);
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
      respond: (attempt: number) => Promise<HttpAnswer> | HttpAnswer,
    ): { port: IssuerPort; attempts: () => number; traces: string[] } => {
      let attempts = 0;
      const traces: string[] = [];
      const exchange: Exchange = ({ headers }) => {
        traces.push(headers['traceparent'] ?? '');
        return Promise.resolve(respond(++attempts));
      };
      return { port: port('pos', { exchange }), attempts: () => attempts, traces };
    };
    const broken = (): Promise<never> => Promise.reject(new IssuerError('unreachable', 'reset'));

    it('is asked again in the same trace where no answer came, and then given up', async () => {
      const once = answering((attempt) => (attempt === 1 ? broken() : { status: 200, text: 'null' }));
      expect(await once.port.hotList(0)).to.equal(null);
      expect(new Set(once.traces).size).to.equal(2);
      expect(new Set(once.traces.map(traceIdIn)).size).to.equal(1);
      const never = answering(broken);
      expect((await errorOf(never.port.hotList(0))).code).to.equal('unreachable');
      expect(never.attempts()).to.equal(2);
    });

    it('is not asked again where it said no', async () => {
      const text = JSON.stringify({ type: 'x', title: 'x', status: 422, detail: 'No.', code: 'rejected' });
      const no = answering(() => ({ status: 422, text }));
      const error = await errorOf(no.port.hotList(0));
      expect([error.code, error.message, no.attempts()]).to.deep.equal(['rejected', 'No.', 1]);
    });

    it('is not believed when its answer cannot be read or is not an issuer’s', async () => {
      const cases: readonly [number, string, string][] = [
        [200, '<html>', 'internal'],
        [200, '{"list":"zz","signature":""}', 'internal'],
        [200, '{"list":"00","signature":"00","more":1}', 'internal'],
        [302, '', 'internal'],
        [502, 'gateway', 'unreachable'],
        [404, 'not here', 'internal'],
      ];
      for (const [status, text, code] of cases) {
        const odd = answering(() => ({ status, text }));
        expect((await errorOf(odd.port.hotList(0))).code, text).to.equal(code);
      }
    });

    it('is taken at its word by codes of newer issuers too', async () => {
      for (const [code, status, expected] of [
        ['too-many-requests', 429, 'busy'],
        ['clock', 503, 'busy'],
        ['too-large', 413, 'rejected'],
        ['timeout', 408, 'unreachable'],
        ['of-tomorrow', 418, 'rejected'],
      ] as const) {
        const text = JSON.stringify({ type: 'x', title: 'x', status, code });
        expect((await errorOf(answering(() => ({ status, text })).port.hotList(0))).code).to.equal(expected);
      }
    });

    it('is given up after the time a terminal waits', async () => {
      const silent = createServer((socket) => socket.unref());
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const { port: number } = silent.address() as AddressInfo;
      const slow = port('pos', { url: `https://127.0.0.1:${number}`, patience: 50, attempts: 1 });
      expect((await errorOf(slow.hotList(0))).code).to.equal('unreachable');
      silent.close();
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
