/** A shop's POS in a home of its own: invited at the issuer, enrolled over the network, at work; and whoever should not be. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { enrolHere } from '../../host/cli/terminals/enrol.js';
import { issuerOf } from '../../host/cli/terminals/issuer-access.js';
import { terminalInvite } from '../../host/issuer/cli/invite.js';
import { schemeInit } from '../../host/issuer/cli/scheme.js';
import { issuerServe } from '../../host/issuer/cli/serve.js';
import { announcedIssuer } from '../../host/issuer/http/announcement.js';
import { fromHex, toHex } from '../../host/protocol/codec/bytes.js';
import { systemClock } from '../../host/protocol/codec/time.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { IssuerError } from '../../host/protocol/issuer/port.js';
import { enrol } from '../../host/terminal/enrol.js';
import { Home } from '../../host/terminal/home.js';
import { readIdentity, readScheme } from '../../host/terminal/identity.js';
import { httpIssuer } from '../../host/terminal/issuer-http.js';
import { Failure } from '../../host/terminal/outcome.js';
import { readTls } from '../../host/terminal/tls.js';
import { called, failureOf } from '../helpers/office-call.js';

const merchant = '0000000100000002';

describe('A POS elsewhere', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'epurse-enrol-'));
  const office = new Home(join(folder, 'office'));
  let ca: string;
  let url: string;
  let served: Promise<unknown>;

  const invite = (file: string, limit: readonly string[] = ['EUR 100.00'], shop = merchant) =>
    called(terminalInvite, office, [shop], { limit, tokenFile: join(folder, file) } as never);
  const tokenIn = (file: string): Uint8Array => fromHex(readFileSync(join(folder, file), 'utf8').trim());
  const newHome = (name: string): Home => {
    mkdirSync(join(folder, name));
    return new Home(join(folder, name));
  };

  before(async () => {
    mkdirSync(office.folder);
    await called(schemeInit, office, [], { name: 'Office' });
    ca = readFileSync(office.path('ca.pem'), 'utf8');
  });
  after(async () => {
    process.emit('SIGTERM');
    await served;
    rmSync(folder, { recursive: true, force: true });
  });

  it('is invited with a token in a file of its owner, once a file, never for a shop or a limit that is none', async () => {
    const { outcome, text } = await invite('token', ['EUR 100.00', 'PTS 1000']);
    expect(outcome).to.include({ merchant, tokenFile: join(folder, 'token') });
    expect(text).not.to.include(toHex(tokenIn('token')));
    expect(statSync(join(folder, 'token')).mode & 0o777).to.equal(0o600);
    expect((await failureOf(invite('token'))).code).to.equal('file-exists');
    for (const [limit, shop, code] of [
      [['100.00'], merchant, 'usage'],
      [['EUR 3.5'], merchant, 'issuer-refused'],
      [['GBP 3.50'], merchant, 'issuer-refused'],
      [['EUR 3.50'], 'shop', 'usage'],
    ] as const) {
      expect((await failureOf(invite('refused', limit, shop))).code).to.equal(code);
      expect(existsSync(join(folder, 'refused'))).to.equal(false);
    }
    await invite('second');
    for (const [role, args, more, code] of [
      ['till', [], {}, 'usage'],
      ['kiosk', [merchant], {}, 'usage'],
      ['desk', [], { limit: ['EUR 3.50'] }, 'usage'],
      ['pos', [merchant], {}, 'usage'],
    ] as const) {
      const options = { role, tokenFile: join(folder, 'refused'), ...more } as never;
      expect((await failureOf(called(terminalInvite, office, args, options))).code, role).to.equal(code);
      expect(existsSync(join(folder, 'refused'))).to.equal(false);
    }
    for (const role of ['kiosk', 'desk'])
      await called(terminalInvite, office, [], { role, tokenFile: join(folder, role) });
  });

  it('enrols itself, keeps nothing of the way there, and reaches the issuer', async () => {
    served = called(issuerServe, office, [], { host: '127.0.0.1', port: '0', log: join(folder, 'log') });
    for (let i = 0; announcedIssuer(office) === undefined && i < 300; i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    url = announcedIssuer(office) ?? expect.fail('the issuer does not listen');
    const home = newHome('shop');
    const order = { name: 'pos', role: Role.pos, url, ca, token: tokenIn('token') };
    const enrolled = await enrol(home, order);
    const draft = home.path('terminals', 'pos');
    expect(readdirSync(draft).sort()).to.deep.equal([
      'ca.pem',
      'certificate.bin',
      'issuer.json',
      'key.json',
      'tls-key.json',
      'tls.pem',
    ]);
    const identity = readIdentity(home, 'pos', readScheme(home), systemClock());
    expect(identity.certificate.terminalId).to.deep.equal(enrolled.terminalId);
    expect(toHex(identity.certificate.merchantId)).to.equal(merchant.slice(8));
    const issuer = issuerOf(home, () => ({ name: 'pos' }));
    expect(await issuer.port.hotList(0)).not.to.equal(undefined);
    await issuer.close();
  });

  it('without an issuer is told that none can be reached, and never that the program is defect', async () => {
    const home = newHome('lonely');
    copyFileSync(office.path('scheme.json'), home.path('scheme.json'));
    const asked = (): Promise<unknown> =>
      issuerOf(home, () => ({ name: 'pos' }))
        .port.hotList(0)
        .catch((error: unknown) => error);
    expect(await asked())
      .to.be.instanceOf(IssuerError)
      .with.property('code', 'unreachable');
    home.makeFolder('terminals', 'pos');
    writeFileSync(home.path('terminals', 'pos', 'issuer.json'), '{"url":3}');
    expect(await asked())
      .to.be.instanceOf(Failure)
      .with.property('code', 'settings-unreadable');
    const tls = readTls(new Home(join(folder, 'shop')), 'pos');
    const nowhere = await httpIssuer({ url: 'localhost:8420', tls })
      .hotList(0)
      .catch((error: unknown) => error);
    expect(nowhere).to.be.instanceOf(IssuerError).with.property('code', 'unreachable');
  });

  it('is refused with a token that was used with other keys, is none, or at a home that is a terminal already', async () => {
    const order = { name: 'pos', role: Role.pos, url, ca, token: tokenIn('token') };
    const refused = (home: Home, changed: object): Promise<unknown> =>
      enrol(home, { ...order, ...changed }).then(
        () => expect.fail('it was enrolled'),
        (error: unknown) => error,
      );
    const thief = newHome('thief');
    expect(await refused(thief, {}))
      .to.be.instanceOf(IssuerError)
      .with.property('code', 'conflict');
    expect(await refused(thief, { token: new Uint8Array(32) })).to.have.property('code', 'unknown-terminal');
    expect(await refused(new Home(join(folder, 'shop')), {}))
      .to.be.instanceOf(Failure)
      .with.property('code', 'terminal-exists');
    expect(existsSync(thief.path('scheme.json'))).to.equal(false);
  });

  it('may be a kiosk or a desk of the issuer, too, each with its own command; another tells which', async () => {
    const home = newHome('branch');
    writeFileSync(join(folder, 'ca.pem'), ca);
    const enrolled = (kind: 'pos' | 'kiosk' | 'desk', token: string) =>
      called((run) => enrolHere(run, kind), home, [], {
        url,
        ca: join(folder, 'ca.pem'),
        tokenFile: join(folder, token),
      });
    const wrong = await failureOf(enrolled('pos', 'kiosk'));
    expect([wrong.code, wrong.message]).to.deep.equal(['usage', 'This token is for a kiosk.']);
    expect(wrong.next).to.include('./epurse reload enrol');
    expect(existsSync(home.path('terminals', 'pos', 'certificate.bin'))).to.equal(false);
    for (const [kind, role] of [
      ['kiosk', Role.load],
      ['desk', Role.perso],
    ] as const) {
      const { outcome, text } = await enrolled(kind, kind);
      expect(outcome).to.have.keys('terminalId', 'expires');
      expect(text).to.match(new RegExp(`^This home is a ${kind}, [0-9a-f]{16}, until `));
      const { certificate } = readIdentity(home, kind, readScheme(home), systemClock());
      expect(certificate.role).to.equal(role);
      const issuer = issuerOf(home, () => ({ name: kind }));
      expect(await issuer.port.hotList(0)).not.to.equal(undefined);
      await issuer.close();
    }
    expect(await failureOf(enrolled('kiosk', 'desk'))).to.have.property('code', 'terminal-exists');
  });

  it('believes no other CA, and no other scheme than its own; a repeat with the keys that were kept gets the answer that was lost', async () => {
    const other = new Home(join(folder, 'other'));
    mkdirSync(other.folder);
    await called(schemeInit, other, [], { name: 'Other' });
    const order = { name: 'till', role: Role.pos, url, token: tokenIn('second') };
    const foreign = { ...order, ca: readFileSync(other.path('ca.pem'), 'utf8') };
    const home = newHome('careful');
    const error = await enrol(home, foreign).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(IssuerError).with.property('code', 'unreachable');
    const garbage = await enrol(home, { ...order, ca: 'no PEM' }).catch((reason: unknown) => reason);
    expect(garbage).to.be.instanceOf(IssuerError).with.property('code', 'unreachable');
    const wrong = await enrol(other, { ...order, ca }).catch((reason: unknown) => reason);
    expect(wrong).to.be.instanceOf(Failure).with.property('code', 'key-refused');
    mkdirSync(home.path('terminals', 'till'), { recursive: true });
    writeFileSync(
      home.path('terminals', 'till', 'enrolment.json'),
      readFileSync(other.path('terminals', 'till', 'enrolment.json')),
    );
    expect(toHex((await enrol(home, { ...order, ca })).merchantId)).to.equal(merchant.slice(8));
  });
});
