import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { KeyringError } from '../../host/issuer/pki/errors.js';
import type { KeyringErrorCode } from '../../host/issuer/pki/errors.js';
import { readSealed, writeSealed } from '../../host/issuer/pki/key-files.js';
import { keyHealth } from '../../host/issuer/pki/key-health.js';
import { keyPlace } from '../../host/issuer/pki/parties.js';
import { resealParty } from '../../host/issuer/pki/reseal.js';
import { exportRoot, importRoot, rootSigner } from '../../host/issuer/pki/root.js';
import { initScheme, issuerKeyring } from '../../host/issuer/pki/scheme-init.js';
import { seal, unseal } from '../../host/issuer/pki/seal.js';
import { unlockFile, unlocking } from '../../host/issuer/pki/unlock.js';
import { Authority } from '../../host/protocol/generated/enums.js';
import { Home } from '../../host/terminal/home.js';

const words = 'six words drawn by dice here';
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

/** A passphrase is derived slowly on purpose, hence a file of its own. */
describe('Keys under a passphrase', function () {
  this.timeout(120_000);
  let home: Home;
  beforeEach(() => (home = new Home(mkdtempSync(join(tmpdir(), 'epurse-words-')))));
  afterEach(() => rmSync(home.folder, { recursive: true, force: true }));
  const init = () => initScheme(home, { clock: () => 1_800_000_000 }).scheme;

  it('cost whoever guesses 128 MiB and 2^17 rounds a try', () => {
    const text = seal(content, words, { purpose: 'test', scheme: 1 });
    expect((JSON.parse(text) as { kdf: object }).kdf).to.include({ logN: 17, r: 8, p: 1 });
    expect(unseal(new TextEncoder().encode(text), words, { purpose: 'test', scheme: 1 }, 'F')).to.deep.equal(content);
  });

  it('move to a passphrase and back, together with everything else the party sealed', () => {
    const scheme = init();
    const place = { ...keyPlace(home, 'issuer', 1), path: home.path('issuer', 'tls.json'), purpose: 'issuer tls' };
    writeSealed(place, content, unlocking(home));
    const resealed = resealParty(home, 'issuer', 1, unlocking(home), words);
    expect(resealed.files).to.have.length(3);
    expect(existsSync(unlockFile(home, 'issuer'))).to.equal(false);
    expect(refusal(() => issuerKeyring(home, scheme))).to.equal('locked');
    expect(keyHealth(home, 'issuer', scheme)).to.deep.equal({ state: 'locked' });
    expect(readSealed(place, unlocking(home, { issuer: words }))).to.deep.equal(content);
    expect(refusal(() => resealParty(home, 'issuer', 1, unlocking(home, { issuer: 'not these words' })))).to.equal(
      'wrong-secret',
    );
    resealParty(home, 'issuer', 1, unlocking(home, { issuer: words }));
    issuerKeyring(home, scheme).signer(Authority.order);
    expect(readSealed(place, unlocking(home))).to.deep.equal(content);
  });

  it('let the root come back from its medium, and nobody who has other words', () => {
    const scheme = init();
    const exported = exportRoot(home, scheme, home.path('safe'), unlocking(home), words);
    expect(exported.unlockFile).to.equal(undefined);
    expect(refusal(() => importRoot(home, scheme, home.path('safe')))).to.equal('locked');
    expect(refusal(() => importRoot(home, scheme, home.path('safe'), 'other words'))).to.equal('wrong-secret');
    importRoot(home, scheme, home.path('safe'), words);
    expect(refusal(() => rootSigner(home, scheme))).to.equal('locked');
    rootSigner(home, scheme, unlocking(home, { root: words }));
  });
});
