import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { KeyringError } from '../../host/issuer/pki/errors.js';
import { keyHealth } from '../../host/issuer/pki/key-health.js';
import { keyFile } from '../../host/issuer/pki/parties.js';
import { ensurePartyKeys, partySigners } from '../../host/issuer/pki/party-keys.js';
import { initScheme, issuerKeyring } from '../../host/issuer/pki/scheme-init.js';
import { ck, cryptoki } from '../../host/issuer/pki/token/cryptoki.js';
import { Token } from '../../host/issuer/pki/token/token.js';
import { parseTokenUri } from '../../host/issuer/pki/token/uri.js';
import { unlockFile, unlocking } from '../../host/issuer/pki/unlock.js';
import { openIssuer } from '../../host/issuer/open.js';
import { openMemoryStore } from '../../host/issuer/store/embedded.js';
import { generatePrivateKey, isOnCurve, softwareSigner, verifyEcdsa } from '../../host/protocol/crypto/ecdsa.js';
import type { Signer } from '../../host/protocol/crypto/ecdsa.js';
import { nativeSigner, verifyNative } from '../../host/protocol/crypto/native.js';
import { Authority } from '../../host/protocol/generated/enums.js';
import { Home } from '../../host/terminal/home.js';
import { SoftHsm, softhsmLibrary, testPin, withoutSoftHsm } from '../helpers/softhsm.js';
import { skip } from '../support/skip.js';

function refused(act: () => unknown): KeyringError {
  try {
    act();
  } catch (error) {
    expect(error).to.be.instanceOf(KeyringError);
    return error as KeyringError;
  }
  return expect.fail('it was not refused');
}

/** What everything that signs relies on, wherever the key is. */
function signerConformance(name: string, signer: () => Signer): void {
  describe(`A signer ${name}`, () => {
    const messages = [0, 1, 55, 56, 64, 1000].map((length) => new Uint8Array(length).fill(length));

    it('signs messages of any length, as both verifiers see it, and under no other key', () => {
      const { point } = signer();
      expect(point).to.have.length(64);
      expect(isOnCurve(point)).to.equal(true);
      const stranger = softwareSigner(generatePrivateKey()).point;
      for (const message of messages) {
        const signature = signer().sign(message);
        expect(verifyEcdsa(message, signature, point)).to.equal(true);
        expect(verifyNative(message, signature, point)).to.equal(true);
        expect(verifyNative(message, signature, stranger)).to.equal(false);
        expect(verifyNative(Uint8Array.of(...message, 0), signature, point)).to.equal(false);
      }
    });

    it('gives DER of at most 72 bytes, as short as it can be, over many signatures', () => {
      const message = Uint8Array.of(1, 2, 3);
      const lengths = new Set<number>();
      for (let i = 0; i < 60; i++) {
        const signature = signer().sign(message);
        lengths.add(signature.length);
        expect(signature.length).to.be.at.most(72);
        expect(verifyEcdsa(message, signature, signer().point)).to.equal(true);
      }
      expect(lengths.size).to.be.greaterThan(1);
    });
  });
}

const fileKey = generatePrivateKey();
signerConformance('over a key of a file', () => nativeSigner(fileKey));

describe('Keys in a PKCS #11 token', function () {
  let hsm: SoftHsm;
  let uri: string;
  let home: Home;

  before(function () {
    const missing = withoutSoftHsm();
    if (missing !== undefined) skip(this, missing);
    hsm = new SoftHsm();
    uri = hsm.token('epurse test');
  });
  after(() => hsm?.close());
  beforeEach(() => (home = new Home(mkdtempSync(join(tmpdir(), 'epurse-token-')))));
  afterEach(() => rmSync(home.folder, { recursive: true, force: true }));

  const library = () => cryptoki(softhsmLibrary ?? '');
  const open = (pin = testPin, at = uri): Token => new Token(parseTokenUri(at), pin);
  const givePin = (pin: string): void => {
    home.makeFolder('unlock');
    writeFileSync(unlockFile(home, 'issuer'), `${pin}\n`, { mode: 0o600 });
  };

  let signer: Signer | undefined;
  signerConformance('over a key of a token', () => {
    const token = open();
    return (signer ??= token.signer(token.generate('conformance')));
  });

  it('are made there by the ceremony, and the issuer works with them', async () => {
    givePin(testPin);
    const { scheme } = initScheme(home, { tokens: { issuer: uri } });
    const text = readFileSync(keyFile(home, 'issuer'), 'utf8');
    expect(text).to.contain(uri).and.not.contain(testPin);
    expect(keyHealth(home, 'issuer', scheme)).to.deep.equal({ state: 'token' });
    const { port, close } = await openIssuer(home, { store: await openMemoryStore() });
    expect(await port.hotList(0)).to.not.equal(null);
    await close();
    const again = initSchemeAgain(scheme.id);
    expect(again).to.have.length(8);
  }).timeout(60_000);

  function initSchemeAgain(id: number) {
    return ensurePartyKeys(home, 'issuer', id, [{ name: 'order', version: 1 }], unlocking(home));
  }

  it('[R5] never leave it: neither readable nor extractable, and one that is, is not used', () => {
    const token = open();
    const { id } = token.generate('kept');
    const session = library().C_OpenSession(slotOf(), ck.flagSerialSession | ck.flagRwSession);
    const key = objectWith(session, id);
    expect(() => library().C_GetAttributeValue(session, key, [{ type: 0x11 }])).to.throw(/CKR_ATTRIBUTE_SENSITIVE/);
    const loose = Buffer.from('00112233', 'hex');
    library().C_GenerateKeyPair(
      session,
      { mechanism: ck.ecKeyPairGen },
      [{ type: ck.attribute.ecParams, value: Buffer.from('06082a8648ce3d030107', 'hex') }],
      [
        { type: ck.attribute.token, value: true },
        { type: ck.attribute.id, value: loose },
        { type: ck.attribute.sensitive, value: false },
        { type: ck.attribute.extractable, value: true },
      ],
    );
    const refusal = refused(() => token.signer({ id: '00112233', point: new Uint8Array(64) }));
    expect(refusal.message).to.contain('could be taken out');
  });

  it('say which is missing: the token, the key, the PIN', () => {
    expect(refused(() => open(testPin, uri.replace('epurse', 'other'))).message).to.contain('is not there');
    expect(refused(() => open().signer({ id: 'ff', point: new Uint8Array(64) })).code).to.equal('not-held');
    givePin(testPin);
    initScheme(home, { tokens: { issuer: uri } });
    rmSync(unlockFile(home, 'issuer'));
    expect(refused(() => partySigners(home, 'issuer', 1, unlocking(home))).code).to.equal('locked');
  });

  it('are not opened with a wrong PIN, which is tried once', () => {
    library().C_CloseAllSessions(slotOf());
    const refusal = refused(() => open('999999'));
    expect(refusal.code).to.equal('token-pin');
    expect(refusal.message).to.not.contain('999999');
  });

  it('take their PIN from the file that the URI names, if nobody else can read it', () => {
    const file = home.path('pin');
    writeFileSync(file, `${testPin}\n`, { mode: 0o600 });
    const { scheme } = initScheme(home, { tokens: { issuer: `${uri}&pin-source=file:${file}` } });
    issuerKeyring(home, scheme).signer(Authority.order).sign(Uint8Array.of(1));
    chmodSync(file, 0o640);
    expect(refused(() => issuerKeyring(home, scheme)).code).to.equal('open-to-others');
  });

  it('sign on after the session got lost, and after the library did', () => {
    const token = open();
    const kept = token.signer(token.generate('reconnected'));
    library().C_CloseAllSessions(slotOf());
    expect(verifyNative(Uint8Array.of(1), kept.sign(Uint8Array.of(1)), kept.point)).to.equal(true);
    library().C_Finalize();
    expect(verifyNative(Uint8Array.of(2), kept.sign(Uint8Array.of(2)), kept.point)).to.equal(true);
  });

  function slotOf(): Buffer {
    const slot = library()
      .C_GetSlotList(true)
      .find((one) => library().C_GetTokenInfo(one).label.trim() === 'epurse test');
    return slot ?? expect.fail('no token');
  }

  function objectWith(session: Buffer, id: string): Buffer {
    library().C_FindObjectsInit(session, [
      { type: ck.attribute.class, value: ck.privateKey },
      { type: ck.attribute.id, value: Buffer.from(id, 'hex') },
    ]);
    const [key] = library().C_FindObjects(session, 1);
    library().C_FindObjectsFinal(session);
    return key ?? expect.fail('no key');
  }
});
