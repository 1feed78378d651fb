import { expect } from 'chai';
import { verifyEcdsa } from '../../host/protocol/crypto/ecdsa.js';
import type { SignatureCheck } from '../../host/protocol/crypto/native.js';
import { messageOfRecord, recordMessage } from '../../host/protocol/signed/signed-record.js';
import { recordCodec } from '../../host/protocol/generated/structures.js';
import { bulkVerifier } from '../../host/issuer/verify/pool.js';
import { packChecks, unpackChecks } from '../../host/issuer/verify/wire.js';
import { bytesFor, signerFor } from '../helpers/keys.js';
import { bytesOf, vectors } from '../specs/vector-files.js';

const message = bytesFor('bulk message', 70);

function mixed(): SignatureCheck[] {
  const [one, two] = [signerFor('one'), signerFor('two')];
  return [
    { message, signature: one.sign(message), point: one.point },
    { message, signature: one.sign(message), point: two.point },
    { message, signature: two.sign(message), point: two.point },
    { message, signature: two.sign(message), point: new Uint8Array(64) },
    { message: new Uint8Array(0), signature: two.sign(message), point: two.point },
    { message, signature: new Uint8Array(0), point: one.point },
    { message, signature: one.sign(message), point: one.point.slice(1) },
    { message, signature: one.sign(message), point: one.point },
  ];
}

describe('Signatures in bulk', function () {
  this.timeout(30_000);
  const verifier = bulkVerifier(2);
  after(() => verifier.close());

  it('get the verdict of the shared vectors, in this thread and in others', async () => {
    const tests = [...vectors('ecdsa-p256-sha256').tests, ...vectors('ecdsa-p256-edges').tests];
    const checks = tests.map((test) => ({
      message: bytesOf(test, 'msg'),
      signature: bytesOf(test, 'sig'),
      point: bytesOf(test, 'public'),
    }));
    const right = tests.map(({ result }) => result === 'valid');
    expect(await verifier.verify(checks)).to.deep.equal(right);
    for (const few of [checks.slice(0, 20), checks.slice(20, 40)])
      expect(await verifier.verify(few)).to.deep.equal(
        right.slice(checks.indexOf(few[0] as SignatureCheck)).slice(0, few.length),
      );
  });

  it('get one verdict each, in order, however many', async () => {
    const few = mixed();
    const right = few.map((check) => verifyEcdsa(check.message, check.signature, check.point));
    expect(right).to.deep.equal([true, false, true, false, false, false, false, true]);
    expect(await verifier.verify(few)).to.deep.equal(right);
    const many = Array.from({ length: 10 }, () => few).flat();
    const answers = await Promise.all([verifier.verify(many), verifier.verify(few), verifier.verify(many)]);
    expect(answers).to.deep.equal([many.map((_, i) => right[i % 8]), right, many.map((_, i) => right[i % 8])]);
  });

  it('are none, and so are the verdicts', async () => {
    expect(await verifier.verify([])).to.deep.equal([]);
  });

  it('are checked again by new threads after the old ones ended', async () => {
    const many = Array.from({ length: 10 }, mixed).flat();
    const before = await verifier.verify(many);
    await verifier.close();
    expect(await verifier.verify(many)).to.deep.equal(before);
  });

  it('travel to a thread unchanged', () => {
    const checks = mixed();
    expect([...unpackChecks(packChecks(checks))]).to.deep.equal(checks);
  });

  it('are over the bytes of a record as it came', () => {
    const record = recordCodec.decode(Uint8Array.from({ length: 55 }, (_, i) => (i === 0 ? 1 : i)));
    const fields = { scheme: 0x4550, cardId: bytesFor('card', 8), keyVersion: 3, record };
    const raw = messageOfRecord(fields.scheme, fields.cardId, fields.keyVersion, recordCodec.encode(record));
    expect(raw).to.deep.equal(recordMessage(fields));
  });
});
