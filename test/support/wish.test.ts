import { expect } from 'chai';
import { atLeast, seedOr } from './wish.js';

describe('What the environment asks of a test', () => {
  it('is as much as usual where it asks nothing, and more where it asks for more', () => {
    expect(
      [undefined, '', '3', '50'].map((EPURSE_KILLS) => atLeast(3, 'EPURSE_KILLS', { EPURSE_KILLS })),
    ).to.deep.equal([3, 3, 3, 50]);
  });

  it('is refused where it is less than usual, nothing at all or no number: a test without rounds shows nothing', () => {
    for (const EPURSE_KILLS of ['0', '2', '-5', 'many', '3.5', 'NaN', '1e9', ' 5', '9999999999'])
      expect(() => atLeast(3, 'EPURSE_KILLS', { EPURSE_KILLS }), EPURSE_KILLS).to.throw(RangeError, 'EPURSE_KILLS');
  });

  it('is a seed only where it is a whole number', () => {
    expect([undefined, '0', '7'].map((EPURSE_SEED) => seedOr(5, { EPURSE_SEED }))).to.deep.equal([5, 0, 7]);
    expect(() => seedOr(5, { EPURSE_SEED: 'abc' })).to.throw(RangeError, 'EPURSE_SEED');
  });
});
