import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readKeys, writeKeys } from '../../host/issuer/pki/key-files.js';
import { KeyringError } from '../../host/issuer/pki/keyring.js';
import { keyPlace } from '../../host/issuer/pki/parties.js';
import { renewTerminal } from '../../host/issuer/pki/renew.js';
import {
  SchemeExists,
  acquirerKeyring,
  initScheme,
  issuerKeyring,
  schemeOf,
} from '../../host/issuer/pki/scheme-init.js';
import { unlocking } from '../../host/issuer/pki/unlock.js';
import { parseTerminalCertificate, verifyTerminalCertificate } from '../../host/protocol/certificates/terminal.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { Authority, Role } from '../../host/protocol/generated/enums.js';
import { SchemeError } from '../../host/protocol/scheme.js';
import { Home } from '../../host/terminal/home.js';
import { readIdentity, readScheme } from '../../host/terminal/identity.js';
import { readBatchKey } from '../../host/terminal/raw-card.js';

describe('The scheme ceremony', () => {
  const now = 1_800_000_000;
  let home: Home;
  beforeEach(() => (home = new Home(mkdtempSync(join(tmpdir(), 'epurse-pki-')))));
  afterEach(() => rmSync(home.folder, { recursive: true, force: true }));
  const init = () => initScheme(home, { clock: () => now });
  const files = (): string[] =>
    readdirSync(home.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

  it('makes a scheme file that verifies, and three terminals that its cards and issuer accept', () => {
    const { scheme, terminals } = init();
    expect(readScheme(home)).to.deep.equal(scheme);
    expect(terminals.map(({ name, role }) => [name, role])).to.deep.equal([
      ['desk', Role.perso],
      ['kiosk', Role.load],
      ['pos', Role.pos],
    ]);
    for (const { name } of terminals) readIdentity(home, name, scheme, now);
    expect(readBatchKey(home)).to.have.length(16);
    expect(scheme.keys).to.have.length(10);
    expect(new Set(scheme.keys.map(({ point }) => toHex(point))).size).to.equal(10);
  });

  it('gives the POS a merchant, limits for every unit, and 90 days at most', () => {
    const { scheme } = init();
    const { certificate } = readIdentity(home, 'pos', scheme, now);
    expect(certificate.limits.map(({ unit }) => unit)).to.deep.equal(scheme.units.map(({ code }) => code));
    expect(certificate.expiry - certificate.effective).to.be.at.most(90 * day);
    expect(certificate.merchantId.some((byte) => byte !== 0)).to.equal(true);
    expect(() => verifyTerminalCertificate(certificate, scheme.keys, now + 91 * day)).to.throw(/valid until/);
  });

  it('[R7] lets the acquirer certify POS alone, and the issuer none', () => {
    const { scheme } = init();
    for (const [name, authority] of [
      ['desk', Authority.terminalCa],
      ['kiosk', Authority.terminalCa],
      ['pos', Authority.posCa],
    ] as const)
      expect(readIdentity(home, name, scheme, now).certificate.authority.authority).to.equal(authority);
    expect(() => issuerKeyring(home, scheme).signer(Authority.posCa)).to.throw(KeyringError, /not kept here/);
    expect(() => acquirerKeyring(home, scheme).signer(Authority.credit)).to.throw(KeyringError, /not kept here/);
    const roles = new Map(scheme.keys.map(({ keyId, roles: granted }) => [keyId.authority, granted]));
    expect(roles.get(Authority.posCa)).to.equal(Role.pos);
    expect(roles.get(Authority.terminalCa)).to.equal(Role.load | Role.perso);
    expect([Authority.cardCa, Authority.credit, Authority.order].map((one) => roles.get(one))).to.deep.equal([0, 0, 0]);
  });

  it('[R5] leaves no secret that others can read', () => {
    init();
    const secrets = files().filter((path) => /keys?\.json$|\.key$/.test(path));
    expect(secrets).to.have.length(14);
    for (const path of secrets) expect((statSync(path).mode & 0o077).toString(8), path).to.equal('0');
    const open = files().filter((path) => !secrets.includes(path));
    const text = open.map((path) => readFileSync(path).toString('latin1')).join();
    for (const path of secrets)
      for (const [key] of readFileSync(path, 'utf8').matchAll(/[0-9a-f]{32,64}/g))
        expect(text.includes(key)).to.equal(false);
  });

  it('never changes a scheme that is there', () => {
    init();
    const before = new Map(files().map((path) => [path, readFileSync(path).toString('hex')]));
    expect(() => init()).to.throw(SchemeExists);
    expect(new Map(files().map((path) => [path, readFileSync(path).toString('hex')]))).to.deep.equal(before);
  });

  it('finishes a ceremony that broke off with the keys it had made', () => {
    const { scheme } = init();
    rmSync(home.path('scheme.json'));
    const again = init().scheme;
    expect(again.keys.map(({ point }) => toHex(point))).to.deep.equal(scheme.keys.map(({ point }) => toHex(point)));
    expect(again.rootPoint).to.deep.equal(scheme.rootPoint);
  });

  it('refuses a scheme file that was changed', () => {
    init();
    const path = home.path('scheme.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"name": "epurse"', '"name": "epursf"'));
    expect(() => schemeOf(home)).to.throw(SchemeError, /does not hold/);
    writeFileSync(path, text.replace('{', ''));
    expect(() => schemeOf(home)).to.throw(SchemeError, /cannot be read/);
  });

  it('refuses keys that others can read, that are damaged, or of another scheme', () => {
    const { scheme } = init();
    const path = home.path('issuer', 'keys.json');
    const text = readFileSync(path, 'utf8');
    chmodSync(path, 0o644);
    expect(() => issuerKeyring(home, scheme)).to.throw(KeyringError, /can be read by others/);
    chmodSync(path, 0o600);
    writeFileSync(path, text.slice(0, -5));
    expect(() => issuerKeyring(home, scheme)).to.throw(KeyringError, /changed or damaged/);
    const place = keyPlace(home, 'issuer', scheme.id);
    const [first, ...others] = (writeFileSync(path, text), readKeys(place, unlocking(home)));
    const other = { ...(first ?? expect.fail('no key')), privateKey: new Uint8Array(32).fill(0x11) };
    writeKeys(place, [other, ...others], unlocking(home));
    expect(() => issuerKeyring(home, scheme)).to.throw(KeyringError, /not the one in the scheme file/);
    rmSync(path);
    expect(() => issuerKeyring(home, scheme)).to.throw(KeyringError, /There is no key file/);
  });

  it('renews a terminal over the id, key and rights it has', () => {
    const { scheme } = init();
    const before = readIdentity(home, 'pos', scheme, now).certificate;
    const later = now + 80 * day;
    renewTerminal(home, scheme, 'pos', later);
    const { certificate } = readIdentity(home, 'pos', scheme, later + 89 * day);
    expect(certificate.terminalId).to.deep.equal(before.terminalId);
    expect(certificate.point).to.deep.equal(before.point);
    expect(certificate.limits).to.deep.equal(before.limits);
    expect(certificate.expiry).to.equal(later + 90 * day);
    const kept = readFileSync(home.path('issuer', 'terminals', `${toHex(before.terminalId)}.bin`));
    expect(parseTerminalCertificate(new Uint8Array(kept)).expiry).to.equal(certificate.expiry);
    expect(() => renewTerminal(home, scheme, 'nobody', later)).to.throw(KeyringError, /no terminal "nobody"/);
  });
});
