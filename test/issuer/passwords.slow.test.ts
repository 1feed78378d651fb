import { expect } from 'chai';
import { hashPassword, isPassword } from '../../host/issuer/operator/passwords.js';

describe('A password', () => {
  it('costs the same work whether there is such an operator or not', async () => {
    const stored = await hashPassword('seven green herons');
    const took = async (against: typeof stored | undefined): Promise<number> => {
      const start = process.hrtime.bigint();
      expect(await isPassword('a wrong password', against)).to.equal(false);
      return Number(process.hrtime.bigint() - start) / 1e6;
    };
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let i = 0; i < 5; i++) {
      times.known.push(await took(stored));
      times.unknown.push(await took(undefined));
    }
    // the best of several is what neither a busy machine nor a pause of the collector disturbs
    const [known, unknown] = [Math.min(...times.known), Math.min(...times.unknown)];
    expect(Math.max(known, unknown) / Math.min(known, unknown)).to.be.below(1.5);
  });

  it('is kept under a salt of its own, and found again however its letters were composed', async () => {
    const [a, b] = [await hashPassword('Zürich ist schön'), await hashPassword('Zürich ist schön')];
    expect(Buffer.from(a.hash).equals(Buffer.from(b.hash))).to.equal(false);
    expect(await isPassword('Zu\u0308rich ist scho\u0308n', a)).to.equal(true);
    expect(await isPassword('Zurich ist schon', a)).to.equal(false);
  });
});
