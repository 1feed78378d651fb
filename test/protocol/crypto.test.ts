import { createCipheriv, createECDH } from 'node:crypto';
import { expect } from 'chai';
import { concat, fromHex, toHex } from '../../host/protocol/codec/bytes.js';
import { cmac, ctr } from '../../host/protocol/crypto/aes.js';
import { sharedSecret } from '../../host/protocol/crypto/agreement.js';
import {
  generatePrivateKey,
  isOnCurve,
  pointOf,
  softwareSigner,
  verifyEcdsa,
} from '../../host/protocol/crypto/ecdsa.js';
import { nativeSigner, verifyBulk, verifyNative } from '../../host/protocol/crypto/native.js';
import { bytesFor, privateKeyFor, signerFor } from '../helpers/keys.js';
import { bytesOf, vectors } from '../specs/vector-files.js';
import { cmac as cmacOfNode } from './card-double.js';

const message = new TextEncoder().encode('S3');
const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

describe('ECDSA by noble and by OpenSSL', () => {
  it('[M11] each takes what the other signed', () => {
    for (let i = 0; i < 10; i++) {
      const key = generatePrivateKey();
      const [noble, native] = [softwareSigner(key), nativeSigner(key)];
      const text = bytesFor(`message ${i}`, 10 * i);
      expect(toHex(noble.point)).to.equal(toHex(native.point));
      expect(verifyNative(text, noble.sign(text), noble.point)).to.equal(true);
      expect(verifyEcdsa(text, native.sign(text), noble.point)).to.equal(true);
    }
  });

  it('noble’s signatures repeat (RFC 6979), OpenSSL’s never do', () => {
    const key = privateKeyFor('signer');
    expect(toHex(softwareSigner(key).sign(message))).to.equal(toHex(softwareSigner(key).sign(message)));
    expect(toHex(nativeSigner(key).sign(message))).not.to.equal(toHex(nativeSigner(key).sign(message)));
  });

  it('both take s from either half of the order, as cards make it', () => {
    const signer = signerFor('signer');
    const signature = signer.sign(message);
    const other = withS(signature, (s) => order - s);
    expect(toHex(other)).not.to.equal(toHex(signature));
    for (const verify of [verifyEcdsa, verifyNative]) {
      expect(verify(message, signature, signer.point)).to.equal(true);
      expect(verify(message, other, signer.point)).to.equal(true);
    }
  });

  const good = signerFor('signer').sign(message);
  const bad: readonly [string, Uint8Array][] = [
    ['an empty one', new Uint8Array(0)],
    ['one cut short', good.slice(0, -1)],
    ['one with a byte after it', concat(good, Uint8Array.of(0))],
    ['one with a needless zero in r', lengthened(good)],
    ['one with r = 0', fromHex('3006020100020101')],
    ['one with s = 0', fromHex('3006020101020100')],
    ['one with s = n', withS(good, () => order)],
    ['one with s increased by n', withS(good, (s) => s + order)],
    ['one with a negative r', fromHex('3006020180020101')],
    ['one with a long length', concat(fromHex('3081'), good.slice(1))],
    ['one in the compact form', good.slice(4, 68)],
  ];
  for (const [what, signature] of bad) {
    it(`[R13] both refuse ${what}`, () => {
      const { point } = signerFor('signer');
      expect(verifyEcdsa(message, signature, point)).to.equal(false);
      expect(verifyNative(message, signature, point)).to.equal(false);
    });
  }

  it('[R13] both refuse another message, another key, and keys that are no points', () => {
    const { point } = signerFor('signer');
    for (const verify of [verifyEcdsa, verifyNative]) {
      expect(verify(concat(message, message), good, point)).to.equal(false);
      expect(verify(message, good, signerFor('other').point)).to.equal(false);
      for (const wrong of [new Uint8Array(64), new Uint8Array(64).fill(1), point.slice(1), concat(point, point)]) {
        expect(verify(message, good, wrong)).to.equal(false);
      }
    }
  });

  it('in bulk give the verdict of the shared vectors', () => {
    const tests = [...vectors('ecdsa-p256-sha256').tests, ...vectors('ecdsa-p256-edges').tests];
    const checks = tests.map((test) => ({
      message: bytesOf(test, 'msg'),
      signature: bytesOf(test, 'sig'),
      point: bytesOf(test, 'public'),
    }));
    expect(verifyBulk(checks)).to.deep.equal(tests.map(({ result }) => result === 'valid'));
  });

  it('in bulk give one verdict each, in order', () => {
    const [one, two] = [signerFor('one'), signerFor('two')];
    const checks = [
      { message, signature: one.sign(message), point: one.point },
      { message, signature: one.sign(message), point: two.point },
      { message, signature: two.sign(message), point: two.point },
      { message, signature: two.sign(message), point: new Uint8Array(64) },
      { message: new Uint8Array(0), signature: two.sign(message), point: two.point },
      { message, signature: one.sign(message), point: one.point },
    ];
    expect(verifyBulk(checks)).to.deep.equal([true, false, true, false, false, true]);
    expect(checks.map((check) => verifyEcdsa(check.message, check.signature, check.point))).to.deep.equal(
      verifyBulk(checks),
    );
  });
});

describe('key agreement', () => {
  it('gives both sides, and OpenSSL, the same secret', () => {
    for (let i = 0; i < 10; i++) {
      const [a, b] = [generatePrivateKey(), generatePrivateKey()];
      const ecdh = createECDH('prime256v1');
      ecdh.setPrivateKey(a);
      const theirs = new Uint8Array(ecdh.computeSecret(concat(Uint8Array.of(4), pointOf(b))));
      expect(toHex(sharedSecret(a, pointOf(b)))).to.equal(toHex(theirs));
      expect(toHex(sharedSecret(b, pointOf(a)))).to.equal(toHex(theirs));
    }
  });

  it('[M7] refuses points that are not on the curve', () => {
    const key = generatePrivateKey();
    const point = pointOf(generatePrivateKey());
    const off = point.map((byte, i) => (i === 63 ? byte ^ 1 : byte));
    for (const wrong of [off, new Uint8Array(64), point.slice(0, 63)]) {
      expect(isOnCurve(wrong)).to.equal(false);
      expect(() => sharedSecret(key, wrong)).to.throw();
    }
    expect(isOnCurve(point)).to.equal(true);
  });
});

describe('AES', () => {
  it('CMAC agrees with one built on OpenSSL’s AES, for every length up to five blocks', () => {
    const key = bytesFor('key', 16);
    for (let length = 0; length <= 80; length++) {
      const text = bytesFor('text', length);
      expect(toHex(cmac(key, text))).to.equal(cmacOfNode(Buffer.from(key), Buffer.from(text)).toString('hex'));
    }
  });

  it('counter mode agrees with OpenSSL’s, the carry out of the last byte included', () => {
    const key = bytesFor('key', 16);
    for (const first of ['000102030405060708090a0b0c0d0e00', '000102030405060708090a0b0c0d0eff', 'ff'.repeat(16)]) {
      const text = bytesFor('text', 239);
      const cipher = createCipheriv('aes-128-ctr', key, fromHex(first));
      const expected = Buffer.concat([cipher.update(text), cipher.final()]).toString('hex');
      expect(toHex(ctr(key, fromHex(first), text))).to.equal(expected);
    }
    expect(ctr(key, new Uint8Array(16), new Uint8Array(0))).to.have.length(0);
  });
});

/** The same r with another s, in the shortest DER. */
function withS(signature: Uint8Array, change: (s: bigint) => bigint): Uint8Array {
  const rLength = signature[3] ?? 0;
  const r = signature.slice(2, 4 + rLength);
  const s = BigInt(`0x${toHex(signature.slice(6 + rLength))}`);
  const digits = change(s).toString(16);
  const hex = digits.padStart(digits.length + (digits.length % 2), '0');
  const value = fromHex(parseInt(hex.slice(0, 2), 16) > 0x7f ? `00${hex}` : hex);
  const content = concat(r, Uint8Array.of(2, value.length), value);
  return concat(Uint8Array.of(0x30, content.length), content);
}

/** r with a zero byte in front that it does not need. */
function lengthened(signature: Uint8Array): Uint8Array {
  const rLength = signature[3] ?? 0;
  const extra = (signature[4] ?? 0) === 0 ? [0] : [0, 0];
  const r = concat(Uint8Array.from(extra), signature.slice(4, 4 + rLength));
  const content = concat(Uint8Array.of(2, r.length), r, signature.slice(4 + rLength));
  return concat(Uint8Array.of(0x30, content.length), content);
}
