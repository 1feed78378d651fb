// The host's cryptography (noble) and its secure messaging agree with the shared vectors.
import { expect } from 'chai';
import { encodeApdu } from '../../host/protocol/channel/apdu.js';
import { SecureChannel } from '../../host/protocol/channel/secure.js';
import { concat, toHex } from '../../host/protocol/codec/bytes.js';
import { cmac, ctr } from '../../host/protocol/crypto/aes.js';
import { sharedSecret, x963Kdf } from '../../host/protocol/crypto/agreement.js';
import { isOnCurve, verifyEcdsa } from '../../host/protocol/crypto/ecdsa.js';
import { verifyNative } from '../../host/protocol/crypto/native.js';
import { bytesOf, type Vector, vectors } from './vector-files.js';

describe('The host agrees with the vectors of', () => {
  it('AES-CMAC', () => {
    for (const test of vectors('aes-cmac').tests) {
      const right = toHex(cmac(bytesOf(test, 'key'), bytesOf(test, 'msg'))) === test['tag'];
      expect(right, test.comment).to.equal(test.result === 'valid');
    }
  });
  it('AES-CTR', () => {
    for (const test of vectors('aes-ctr').tests) {
      expect(toHex(ctr(bytesOf(test, 'key'), bytesOf(test, 'iv'), bytesOf(test, 'msg'))), test.comment).to.equal(
        test['ct'],
      );
    }
  });
  it('the X9.63 KDF', () => {
    for (const test of vectors('x963-kdf-sha256').tests) {
      const derived = x963Kdf(bytesOf(test, 'z'), bytesOf(test, 'sharedInfo'), Number(test['length']));
      expect(toHex(derived), test.comment).to.equal(test['okm']);
    }
  });
  it('SP 800-108 in counter mode and SCP03, built on its CMAC', () => {
    const derive = (key: Uint8Array, before: Uint8Array, after: Uint8Array, length: number): string => {
      const blocks = Array.from({ length: Math.ceil(length / 16) }, (_, index) =>
        cmac(key, concat(before, Uint8Array.of(index + 1), after)),
      );
      return toHex(concat(...blocks).slice(0, length));
    };
    for (const test of vectors('sp800-108-cmac-counter').tests) {
      const derived = derive(
        bytesOf(test, 'key'),
        new Uint8Array(0),
        bytesOf(test, 'fixedInput'),
        Number(test['length']),
      );
      expect(derived, test.comment).to.equal(test['okm']);
    }
    for (const test of vectors('scp03-derivation').tests) {
      const bits = 8 * Number(test['length']);
      const before = concat(new Uint8Array(11), bytesOf(test, 'constant'), Uint8Array.of(0, bits >> 8, bits & 0xff));
      const derived = derive(bytesOf(test, 'key'), before, bytesOf(test, 'context'), Number(test['length']));
      expect(derived, test.comment).to.equal(test['okm']);
    }
  });
  it('ECDH on P-256, and refuses the points that are none', () => {
    for (const test of [...vectors('ecdh-p256').tests, ...vectors('ecdh-p256-edges').tests]) {
      const point = bytesOf(test, 'public');
      expect(isOnCurve(point), test.comment).to.equal(test.result === 'valid');
      const agree = (): string => toHex(sharedSecret(bytesOf(test, 'private'), point));
      if (test.result === 'valid') expect(agree(), test.comment).to.equal(test['shared']);
      else expect(agree, test.comment).to.throw();
    }
  });
  it('ECDSA on P-256 with noble and with OpenSSL, and refuses what is not a signature', () => {
    for (const test of [...vectors('ecdsa-p256-sha256').tests, ...vectors('ecdsa-p256-edges').tests]) {
      for (const verify of [verifyEcdsa, verifyNative]) {
        const right = verify(bytesOf(test, 'msg'), bytesOf(test, 'sig'), bytesOf(test, 'public'));
        expect(right, test.comment).to.equal(test.result === 'valid');
      }
    }
  });
  it('no verifier accepts the point of another curve as a key', () => {
    const [signed] = vectors('ecdsa-p256-sha256').tests;
    if (signed === undefined) throw new Error('no vectors');
    for (const test of vectors('ecdh-p256').tests.filter(({ result }) => result === 'invalid')) {
      for (const verify of [verifyEcdsa, verifyNative]) {
        expect(verify(bytesOf(signed, 'msg'), bytesOf(signed, 'sig'), bytesOf(test, 'public')), test.comment).to.equal(
          false,
        );
      }
    }
  });
});

describe('Secure messaging of the host agrees with a second implementation:', () => {
  const { tests } = vectors('secure-messaging');
  const keysOf = (test: Vector): { enc: Uint8Array; mac: Uint8Array } => ({
    enc: bytesOf(test, 'enc'),
    mac: bytesOf(test, 'mac'),
  });

  it('one session of commands, answers and a refusal', async () => {
    const chained = tests.filter(({ flags }) => flags.includes('Chained'));
    const [first] = chained;
    if (first === undefined) throw new Error('no vectors');
    const sent: string[] = [];
    const answers = chained.map((test) => bytesOf(test, 'answer'));
    const link = {
      transmit: async (apdu: Uint8Array): Promise<Uint8Array> => {
        sent.push(toHex(apdu));
        return answers[sent.length - 1] ?? new Uint8Array(0);
      },
    };
    const channel = new SecureChannel(link, keysOf(first), bytesOf(first, 'chain'));
    for (const test of chained) {
      const [cla = 0, ins = 0, p1 = 0, p2 = 0] = bytesOf(test, 'header');
      const plain = await channel.transmit(encodeApdu({ cla, ins, p1, p2, data: bytesOf(test, 'data') }));
      expect(sent.at(-1), test.comment).to.equal(test['command']);
      expect(toHex(plain), test.comment).to.equal(`${String(test['answerData'])}${String(test['status'])}`);
    }
  });
  it('the opening of a resumed session', () => {
    const resumed = tests.filter(({ flags }) => flags.includes('Resumed'));
    expect(resumed).to.have.length(1);
    for (const test of resumed) {
      const keys = keysOf(test);
      const chain = cmac(keys.mac, bytesOf(test, 'data'));
      expect(toHex(chain)).to.equal(test['chain']);
      const channel = new SecureChannel({ transmit: () => Promise.reject(new Error('nothing to send')) }, keys, chain);
      const opened = channel.openAnswer(bytesOf(test, 'answer').slice(0, -2));
      expect(toHex(opened ?? new Uint8Array(0))).to.equal(`${String(test['answerData'])}${String(test['status'])}`);
    }
  });
});
