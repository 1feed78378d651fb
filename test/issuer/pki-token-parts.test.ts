import { expect } from 'chai';
import { KeyringError } from '../../host/issuer/pki/errors.js';
import { ck, tokenError } from '../../host/issuer/pki/token/cryptoki.js';
import type { Cryptoki } from '../../host/issuer/pki/token/cryptoki.js';
import { derSignature, pointOfToken } from '../../host/issuer/pki/token/der.js';
import { Token } from '../../host/issuer/pki/token/token.js';
import { parseTokenUri } from '../../host/issuer/pki/token/uri.js';
import { toHex } from '../../host/protocol/codec/bytes.js';

const uri = 'pkcs11:token=a%20token;serial=12?module-path=/lib/module.so';

function refused(act: () => unknown): KeyringError {
  try {
    act();
  } catch (error) {
    expect(error).to.be.instanceOf(KeyringError);
    return error as KeyringError;
  }
  return expect.fail('it was not refused');
}

describe('A PKCS #11 URI', () => {
  it('names module, token and where the PIN is (RFC 7512)', () => {
    expect(parseTokenUri(`${uri}&pin-source=file:///run/pin`)).to.deep.include({
      modulePath: '/lib/module.so',
      token: 'a token',
      serial: '12',
      slotId: undefined,
      pinFile: '/run/pin',
    });
    expect(parseTokenUri('pkcs11:slot-id=7?module-path=/m.so&pin-source=/run/pin')).to.deep.include({
      slotId: 7,
      pinFile: '/run/pin',
    });
  });

  it('never holds the PIN itself, and is never guessed at', () => {
    for (const [text, why] of [
      [`${uri}&pin-value=1234`, 'a PIN does not belong'],
      ['http://x', 'does not begin'],
      ['pkcs11:token=a', 'module-path'],
      ['pkcs11:token=a?module-path=lib.so', 'whole path'],
      ['pkcs11:?module-path=/m.so', 'names no token'],
      ['pkcs11:token=a;token=b?module-path=/m.so', 'stands twice'],
      ['pkcs11:colour=red?module-path=/m.so', '"colour" is not understood'],
      ['pkcs11:slot-id=x?module-path=/m.so', 'no number'],
      ['pkcs11:token=%ff?module-path=/m.so', 'properly encoded'],
      [`${uri}&pin-source=|cat`, 'names no file'],
    ] as const) {
      const refusal = refused(() => parseTokenUri(text));
      expect(refusal.message).to.contain(why);
      expect(refusal.message).to.not.contain('1234');
    }
  });
});

describe('A raw signature of a token', () => {
  const raw = (r: number[], s: number[]): Uint8Array => {
    const bytes = new Uint8Array(64);
    bytes.set(r, 32 - r.length);
    bytes.set(s, 64 - s.length);
    return bytes;
  };

  it('becomes DER: shortest numbers, a zero before a first bit that is set', () => {
    expect(toHex(derSignature(raw([1], [0x80])))).to.equal('300702010102020080');
    const long = derSignature(new Uint8Array(64).fill(0xff));
    expect(long).to.have.length(72);
    expect(toHex(long.slice(0, 6))).to.equal('3046022100ff');
  });

  it('is refused where it is no signature', () => {
    expect(() => derSignature(new Uint8Array(63))).to.throw(RangeError);
    expect(() => derSignature(raw([], [1]))).to.throw(/zero/);
    expect(() => pointOfToken(new Uint8Array(65))).to.throw(RangeError);
    expect(pointOfToken(Uint8Array.of(4, 0x41, 4, ...new Array<number>(64).fill(7)))).to.have.length(64);
  });
});

/** A library that fails as hardware does. */
class BrokenLibrary {
  logins = 0;
  flags = 0;
  loginError: number | undefined;
  slots = 1;
  readonly calls: string[] = [];

  static failing(code: number): Error {
    return Object.assign(new Error('CKR_TEST'), { code });
  }

  get library(): Cryptoki {
    const self: Partial<Cryptoki> = {
      C_Initialize: () => void this.calls.push('initialize'),
      C_GetSlotList: () => Array.from({ length: this.slots }, (_, i) => Buffer.from([i, 0, 0, 0, 0, 0, 0, 0])),
      C_GetTokenInfo: () => ({ label: 'a token   ', serialNumber: '12', flags: this.flags }),
      C_OpenSession: () => Buffer.alloc(8),
      C_CloseSession: () => undefined,
      C_Login: () => {
        this.logins++;
        if (this.loginError !== undefined) throw BrokenLibrary.failing(this.loginError);
      },
    };
    return self as Cryptoki;
  }
}

describe('A token that refuses', () => {
  const open = (broken: BrokenLibrary): Token => new Token(parseTokenUri(uri), '1234', broken.library);

  it('says whether its PIN is wrong, locked or expired, and the PIN is not tried again', () => {
    for (const [code, words] of [
      [ck.error.pinIncorrect, 'refuses the PIN'],
      [ck.error.pinLength, 'refuses the PIN'],
      [ck.error.pinLocked, 'is locked'],
      [ck.error.pinExpired, 'has expired'],
    ] as const) {
      const broken = new BrokenLibrary();
      broken.loginError = code;
      const refusal = refused(() => open(broken));
      expect([refusal.code, broken.logins]).to.deep.equal(['token-pin', 1]);
      expect(refusal.message).to.contain(words).and.not.contain('1234');
    }
  });

  it('keeps its last PIN try for a person', () => {
    const broken = new BrokenLibrary();
    broken.flags = ck.tokenFinalTry;
    expect(refused(() => open(broken)).code).to.equal('token-pin');
    broken.flags = ck.tokenPinLocked;
    expect(refused(() => open(broken)).message).to.contain('locked');
    expect(broken.logins).to.equal(0);
  });

  it('is not confused with another of its name, nor missed silently', () => {
    const broken = new BrokenLibrary();
    broken.slots = 2;
    expect(refused(() => open(broken)).message).to.contain('There are 2 tokens');
    broken.slots = 0;
    expect(refused(() => open(broken)).message).to.contain('is not there');
  });

  it('has every other error named by its own word', () => {
    expect(tokenError(BrokenLibrary.failing(ck.error.deviceError), 't').message).to.contain('CKR_TEST');
    expect(tokenError(BrokenLibrary.failing(ck.error.deviceRemoved), 't').message).to.contain('is not there');
  });
});
