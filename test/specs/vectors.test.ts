// The shared vectors are well-formed, the two forms of a file say the same, and node:crypto agrees with all of them.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { createCipheriv, createECDH, createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, vectorDirectory, vectorFiles, vectors } from './vector-files.js';

describe('The shared vectors', () => {
  const schema = JSON.parse(readFileSync(join(vectorDirectory, 'vectors.schema.json'), 'utf8')) as object;
  const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(schema);

  for (const name of vectorFiles) {
    it(`${name}: follow the schema, with a note for every flag`, () => {
      const file = vectors(name);
      expect(validate(file), JSON.stringify(validate.errors)).to.equal(true);
      expect(new Set(file.tests.flatMap(({ flags }) => flags))).to.deep.equal(new Set(Object.keys(file.notes)));
      expect(file.tests.map(({ tcId }) => tcId)).to.deep.equal(file.tests.map((_, index) => index + 1));
    });
    it(`${name}: say the same in JSON and in tab-separated lines`, () => {
      const [head = '', ...lines] = readFileSync(join(vectorDirectory, 'tsv', `${name}.tsv`), 'utf8')
        .trimEnd()
        .split('\n');
      const columns = head.split('\t');
      const asText = vectors(name).tests.map((test) => columns.map((column) => text(test[column])));
      expect(lines.map((line) => line.split('\t'))).to.deep.equal(asText);
    });
  }

  it('are refused by the schema with an unknown field or bytes that are no hexadecimal', () => {
    const [test] = vectors('aes-cmac').tests;
    expect(validate({ ...vectors('aes-cmac'), tests: [{ ...test, colour: '00' }] })).to.equal(false);
    expect(validate({ ...vectors('aes-cmac'), tests: [{ ...test, key: '0G' }] })).to.equal(false);
  });
});

function text(value: unknown): string {
  return Array.isArray(value) ? value.join(' ') : String(value);
}

describe('node:crypto agrees with the vectors of', () => {
  it('AES-CTR', () => {
    for (const test of vectors('aes-ctr').tests) {
      const cipher = createCipheriv('aes-128-ctr', bytesOf(test, 'key'), bytesOf(test, 'iv'));
      expect(
        Buffer.concat([cipher.update(bytesOf(test, 'msg')), cipher.final()]).toString('hex'),
        test.comment,
      ).to.equal(test['ct']);
    }
  });
  it('the X9.63 KDF', () => {
    for (const test of vectors('x963-kdf-sha256').tests) {
      const blocks = Array.from({ length: Math.ceil(Number(test['length']) / 32) }, (_, index) => {
        const counter = Buffer.alloc(4);
        counter.writeUInt32BE(index + 1);
        return createHash('sha256')
          .update(bytesOf(test, 'z'))
          .update(counter)
          .update(bytesOf(test, 'sharedInfo'))
          .digest();
      });
      expect(Buffer.concat(blocks).subarray(0, Number(test['length'])).toString('hex'), test.comment).to.equal(
        test['okm'],
      );
    }
  });
  it('ECDH on P-256, and refuses the points that are none', () => {
    for (const test of [...vectors('ecdh-p256').tests, ...vectors('ecdh-p256-edges').tests]) {
      const ecdh = createECDH('prime256v1');
      ecdh.setPrivateKey(bytesOf(test, 'private'));
      const agree = (): string =>
        ecdh.computeSecret(Buffer.concat([Buffer.of(4), bytesOf(test, 'public')])).toString('hex');
      if (test.result === 'valid') expect(agree(), test.comment).to.equal(test['shared']);
      else expect(agree, test.comment).to.throw();
    }
  });
  it('ECDSA on P-256, and refuses what is not a signature', () => {
    for (const test of [...vectors('ecdsa-p256-sha256').tests, ...vectors('ecdsa-p256-edges').tests]) {
      const point = Buffer.from(bytesOf(test, 'public'));
      const jwk = {
        kty: 'EC',
        crv: 'P-256',
        x: point.subarray(0, 32).toString('base64url'),
        y: point.subarray(32).toString('base64url'),
      };
      const key = createPublicKey({ format: 'jwk', key: jwk });
      expect(verify('sha256', bytesOf(test, 'msg'), key, bytesOf(test, 'sig')), test.comment).to.equal(
        test.result === 'valid',
      );
    }
  });
});
