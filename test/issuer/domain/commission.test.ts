/** The scheme's commission as a sum; in the books: test/issuer/commission.test.ts. */
import { expect } from 'chai';
import fc from 'fast-check';
import { commissionOf } from '../../../host/issuer/domain/commission.js';

describe('The commission', () => {
  const charged = (sold: bigint, basisPoints: number, reversed = 0n, adjusted = 0n): bigint =>
    commissionOf({ sold, reversed, adjusted }, basisPoints);

  it('is rounded half to even, to whole minor units', () => {
    expect([50n, 150n, 151n, 149n, 250n, 350n].map((sold) => charged(sold, 100))).to.deep.equal([
      0n,
      2n,
      2n,
      1n,
      2n,
      4n,
    ]);
  });

  it('is on sales less cancels, and never on what a case or a bank gave back', () => {
    expect(charged(100_00n, 150, 40_00n)).to.equal(90n);
    expect(charged(100_00n, 150, 40_00n, 500_00n)).to.equal(90n);
    expect(charged(0n, 150, 0n, 500_00n)).to.equal(0n);
    expect(charged(10_00n, 150, 20_00n, 500_00n)).to.equal(0n);
  });

  it('takes no more than there is to pay, where a bank gave most of it back', () => {
    expect(charged(100_00n, 5000, 0n, -70_00n)).to.equal(30_00n);
    expect(charged(100_00n, 5000, 0n, -50_00n)).to.equal(50_00n);
  });

  it('is never below zero, never above what is paid, and off by half a minor unit at most', () => {
    const amount = fc.bigInt({ min: 0n, max: 2n ** 60n });
    const signed = fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n });
    fc.assert(
      fc.property(amount, amount, signed, fc.integer({ min: 0, max: 10_000 }), (sold, reversed, adjusted, points) => {
        const fee = charged(sold, points, reversed, adjusted);
        const [sales, net] = [sold - reversed, sold - reversed + adjusted];
        expect(fee >= 0n && (fee === 0n || fee <= net)).to.equal(true);
        if (fee === 0n || fee === net) return;
        const error = fee * 10_000n - sales * BigInt(points);
        expect(2n * (error < 0n ? -error : error) <= 10_000n).to.equal(true);
      }),
    );
  });
});
