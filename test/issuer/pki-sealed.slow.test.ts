import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { homeFindings } from '../../host/cli/doctor/home.js';
import { KeyringError } from '../../host/issuer/pki/errors.js';
import type { KeyringErrorCode } from '../../host/issuer/pki/errors.js';
import { isOpen, readKeys } from '../../host/issuer/pki/key-files.js';
import { keyHealth } from '../../host/issuer/pki/key-health.js';
import { keyFile, keyPlace } from '../../host/issuer/pki/parties.js';
import { renewTerminal } from '../../host/issuer/pki/renew.js';
import { resealParty } from '../../host/issuer/pki/reseal.js';
import { exportRoot, importRoot, rootSigner } from '../../host/issuer/pki/root.js';
import { acquirerKeyring, initScheme, issuerKeyring } from '../../host/issuer/pki/scheme-init.js';
import { isSealed, makeSecret, seal, unseal } from '../../host/issuer/pki/seal.js';
import { parties, unlockFile, unlocking } from '../../host/issuer/pki/unlock.js';
import type { Party } from '../../host/issuer/pki/unlock.js';
import { openIssuer } from '../../host/issuer/open.js';
import { openMemoryStore } from '../../host/issuer/store/embedded.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { Authority } from '../../host/protocol/generated/enums.js';
import { Home } from '../../host/terminal/home.js';

const now = 1_800_000_000;
const label = { purpose: 'test', scheme: 1 } as const;
const content = new TextEncoder().encode('a secret of the test');

function refusal(act: () => unknown): KeyringErrorCode {
  try {
    act();
  } catch (error) {
    expect(error).to.be.instanceOf(KeyringError);
    return (error as KeyringError).code;
  }
  return expect.fail('it was not refused');
}

interface SealedText {
  readonly format: string;
  readonly purpose: string;
  readonly kdf: { name: string; logN: number; r: number; p: number; salt: string };
  readonly cipher: string;
  readonly nonce: string;
  readonly sealed: string;
  readonly tag: string;
}

describe('A sealed file', () => {
  const secret = makeSecret();
  const text = seal(content, secret, label);
  const bytes = (changed: string): Uint8Array => new TextEncoder().encode(changed);
  const open = (changed: string, key = secret, as = label): Uint8Array => unseal(bytes(changed), key, as, 'F');

  it('gives back what was sealed, and never the same file twice', () => {
    expect(open(text)).to.deep.equal(content);
    expect(seal(content, secret, label)).to.not.equal(text);
    expect(isSealed(bytes(text))).to.equal(true);
    expect(text).to.not.contain(toHex(content));
  });

  it('tells a wrong secret from damage, and another file from both', () => {
    expect(refusal(() => open(text, makeSecret()))).to.equal('wrong-secret');
    expect(refusal(() => open(text.slice(0, -9)))).to.equal('damaged');
    expect(refusal(() => open(text, secret, { ...label, purpose: 'other' } as never))).to.equal('other-file');
    expect(refusal(() => open(text, secret, { ...label, scheme: 2 } as never))).to.equal('other-file');
  });

  it('finds a flipped digit anywhere in it', () => {
    const digits = [...text.matchAll(/(?<=": ")[0-9a-f]{24,}(?=")/g)];
    expect(digits).to.have.length(5);
    for (const { index } of digits) {
      const digit = text[index] === '0' ? '1' : '0';
      expect(refusal(() => open(text.slice(0, index) + digit + text.slice(index + 1)))).to.equal('damaged');
    }
  });

  it('refuses a head that was rewritten with a right checksum: the cipher authenticates it', () => {
    // a thief who may write renames the purpose and mends the checksum; he cannot mend the tag
    const other = seal(content, secret, { purpose: 'other', scheme: 1 });
    const head = JSON.parse(other) as SealedText;
    const mine = JSON.parse(text) as SealedText;
    const { name, logN, r, p, salt } = head.kdf;
    const spelled = JSON.stringify([head.format, head.purpose, 1, name, logN, r, p, salt, head.cipher, head.nonce]);
    const checksum = createHash('sha256').update(spelled).update(mine.sealed).update(mine.tag).digest('hex');
    const forged = JSON.stringify({ ...head, sealed: mine.sealed, tag: mine.tag, checksum });
    expect(refusal(() => open(forged, secret, { purpose: 'other', scheme: 1 } as never))).to.equal('wrong-secret');
  });

  it('refuses derivation costs beyond reason, so that no file keeps its reader busy for hours', () => {
    expect(refusal(() => open(text.replace('"logN": 12', '"logN": 30')))).to.equal('damaged');
    expect(refusal(() => open(text.replace('"logN": 12', '"logN": 4')))).to.equal('damaged');
  });
});

describe('The keys of a party', () => {
  let home: Home;
  beforeEach(() => (home = new Home(mkdtempSync(join(tmpdir(), 'epurse-sealed-')))));
  afterEach(() => rmSync(home.folder, { recursive: true, force: true }));
  const init = () => initScheme(home, { clock: () => now }).scheme;
  const text = (party: Party): Uint8Array => new Uint8Array(readFileSync(keyFile(home, party)));

  /** As `scheme init` left homes before keys were sealed. */
  function asBefore(): void {
    for (const party of parties) {
      const keys = readKeys(keyPlace(home, party, 1), unlocking(home)).map(({ privateKey, ...key }) => ({
        ...key,
        privateKey: toHex(privateKey),
      }));
      writeFileSync(keyFile(home, party), JSON.stringify({ format: 'epurse-keys/1', keys }), { mode: 0o600 });
    }
    for (const name of ['unlock', 'issuer/tls-keys.json', 'ca.pem']) rmSync(home.path(name), { recursive: true });
  }

  it('[R5] are sealed from the first, each under a secret of its own kept apart', () => {
    init();
    expect(parties.map((party) => isSealed(text(party)))).to.deep.equal([true, true, true]);
    const secrets = parties.map((party) => readFileSync(unlockFile(home, party), 'utf8'));
    expect(new Set(secrets).size).to.equal(3);
    expect(refusal(() => readKeys(keyPlace(home, 'issuer', 1), { secretOf: () => secrets[0] ?? '' }))).to.equal(
      'wrong-secret',
    );
  });

  it('say clearly what is missing: the secret, its privacy, or the file', () => {
    const scheme = init();
    const path = unlockFile(home, 'issuer');
    chmodSync(path, 0o644);
    expect(refusal(() => issuerKeyring(home, scheme))).to.equal('open-to-others');
    rmSync(path);
    expect(refusal(() => issuerKeyring(home, scheme))).to.equal('locked');
    writeFileSync(path, '\n', { mode: 0o600 });
    expect(refusal(() => issuerKeyring(home, scheme))).to.equal('damaged');
    rmSync(keyFile(home, 'issuer'));
    expect(refusal(() => issuerKeyring(home, scheme))).to.equal('missing');
  });

  it('are refused when one file stands in for another', () => {
    const scheme = init();
    writeFileSync(keyFile(home, 'issuer'), text('acquirer'));
    expect(refusal(() => issuerKeyring(home, scheme))).to.equal('other-file');
  });

  it('open by a secret at another place, which a variable names', () => {
    const scheme = init();
    const elsewhere = home.path('medium.key');
    renameSync(unlockFile(home, 'acquirer'), elsewhere);
    process.env['EPURSE_UNLOCK_ACQUIRER'] = elsewhere;
    try {
      acquirerKeyring(home, scheme).signer(Authority.posCa);
    } finally {
      delete process.env['EPURSE_UNLOCK_ACQUIRER'];
    }
    expect(refusal(() => acquirerKeyring(home, scheme))).to.equal('locked');
  });

  it('of an old home go on working in clear, and are sealed without losing one', () => {
    const scheme = init();
    const before = parties.map((party) => readKeys(keyPlace(home, party, 1), unlocking(home)));
    asBefore();
    issuerKeyring(home, scheme).signer(Authority.order);
    expect(keyHealth(home, 'issuer', scheme)).to.deep.equal({ state: 'open' });
    for (const party of parties) resealParty(home, party, 1, unlocking(home));
    expect(parties.map((party) => isOpen(text(party)))).to.deep.equal([false, false, false]);
    expect(parties.map((party) => readKeys(keyPlace(home, party, 1), unlocking(home)))).to.deep.equal(before);
  });

  it('are watched by doctor: damaged, missing, exported', async () => {
    init();
    const stateOf = async (party: Party) =>
      (await homeFindings(home)).find(({ name }) => name === `${party} keys`)?.state;
    expect(await stateOf('issuer')).to.equal('fine');
    expect(await stateOf('root')).to.equal('advice');
    writeFileSync(keyFile(home, 'root'), new TextDecoder().decode(text('root')).slice(0, -40));
    expect(await stateOf('root')).to.equal('wrong');
    rmSync(unlockFile(home, 'root'));
    expect(await stateOf('root')).to.equal('wrong');
    rmSync(keyFile(home, 'root'));
    expect(await stateOf('root')).to.equal('wrong');
    rmSync(home.path('root'), { recursive: true });
    expect(await stateOf('root')).to.equal('fine');
    writeFileSync(keyFile(home, 'acquirer'), text('issuer'));
    expect(await stateOf('acquirer')).to.equal('wrong');
  });
});

describe('The root key', () => {
  let home: Home;
  beforeEach(() => (home = new Home(mkdtempSync(join(tmpdir(), 'epurse-root-')))));
  afterEach(() => rmSync(home.folder, { recursive: true, force: true }));
  const init = () => initScheme(home, { clock: () => now }).scheme;

  it('leaves the machine, and everything daily works without it', async () => {
    const scheme = init();
    const safe = home.path('safe');
    const exported = exportRoot(home, scheme, safe, unlocking(home));
    expect(exported.point).to.equal(toHex(scheme.rootPoint));
    expect(existsSync(home.path('root'))).to.equal(false);
    expect(readdirSync(home.path('unlock')).sort()).to.deep.equal(['acquirer.key', 'issuer.key']);
    renewTerminal(home, scheme, 'pos', now + 1);
    renewTerminal(home, scheme, 'kiosk', now + 1);
    const { port, close } = await openIssuer(home, { store: await openMemoryStore(), clock: () => now });
    expect(await port.hotList(0)).to.not.equal(null);
    await close();
    expect(refusal(() => rootSigner(home, scheme))).to.equal('missing');
  });

  it('comes back for a ceremony with its unlock secret', () => {
    const scheme = init();
    exportRoot(home, scheme, home.path('safe'), unlocking(home));
    importRoot(home, scheme, home.path('safe'));
    expect(rootSigner(home, scheme).point).to.deep.equal(scheme.rootPoint);
    expect(refusal(() => importRoot(home, scheme, home.path('safe')))).to.equal('rotation');
  });

  it('is never overwritten by an export, nor taken for that of another scheme', () => {
    const scheme = init();
    const other = new Home(mkdtempSync(join(tmpdir(), 'epurse-other-')));
    try {
      const stranger = initScheme(other, { clock: () => now }).scheme;
      exportRoot(other, stranger, home.path('safe'), unlocking(other));
      expect(refusal(() => exportRoot(home, scheme, home.path('safe'), unlocking(home)))).to.equal('rotation');
      rmSync(home.path('root'), { recursive: true });
      expect(refusal(() => importRoot(home, scheme, home.path('safe')))).to.equal('mismatch');
    } finally {
      rmSync(other.folder, { recursive: true, force: true });
    }
  });
});
