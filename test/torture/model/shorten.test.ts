// What is left of a history that went wrong.
import { expect } from 'chai';
import { shorten } from './shorten.js';

describe('A history that went wrong', () => {
  const long = Array.from({ length: 200 }, (_, i) => i);
  const numbers = (goesWrong: (items: readonly number[]) => boolean, tries = Infinity) => {
    let tried = 0;
    return {
      goesWrong: (items: readonly number[]) => {
        tried++;
        return Promise.resolve(goesWrong(items));
      },
      unlikely: [(item: number) => item > 100, (item: number) => item < 50],
      simpler: (item: number) => (item % 10 === 0 ? [] : [item - (item % 10)]),
      isOver: () => tried >= tries,
    };
  };

  it('keeps what it needs to go wrong, in its order, as plain as it may be', async () => {
    const wrong = (items: readonly number[]): boolean => [60, 61, 150].every((one) => items.includes(one));
    expect(await shorten(long, numbers(wrong))).to.deep.equal([60, 61, 150]);
    const plainer = (items: readonly number[]): boolean => items.some((one) => one >= 70 && one < 80);
    expect(await shorten(long, numbers(plainer))).to.deep.equal([70]);
  });

  it('goes wrong still, when the time is over before it is short', async () => {
    const wrong = (items: readonly number[]): boolean => items.includes(3) && items.includes(197);
    const left = await shorten(long, numbers(wrong, 12));
    expect(wrong(left)).to.equal(true);
    expect(left.length).to.be.lessThan(200).and.greaterThan(2);
  });

  it('stays whole where nothing may be left out', async () => {
    expect(
      await shorten(
        [1, 2, 3],
        numbers((items) => items.length === 3 && items[0] === 1),
      ),
    ).to.deep.equal([1, 0, 0]);
  });
});
