import { expect } from 'chai';
import { Coverage, coverageNotes } from './coverage.js';

describe('The steps that the kills campaign reached', () => {
  function learned(): Coverage {
    const coverage = new Coverage();
    coverage.learn('pos pay', 'terminal', ['writeSync', 'card 50', 'show']);
    return coverage;
  }

  it('are those where the run had gone the way of an undisturbed one', () => {
    const coverage = learned();
    coverage.reach('pos pay', 'terminal', 1, 'card 50');
    coverage.reach('pos pay', 'terminal', 2, 'card 54');
    coverage.reach('pos pay', 'terminal', 7, 'show');
    expect(coverage.open('pos pay', 'terminal')).to.deep.equal([0, 2]);
  });

  it('are counted once, however many installations reached them', () => {
    const [one, other] = [learned(), learned()];
    for (const each of [one, other]) each.reach('pos pay', 'terminal', 0, 'writeSync');
    other.reach('pos pay', 'terminal', 2, 'show');
    const [terminals] = coverageNotes([...one.reached, ...other.reached]);
    expect(terminals).to.include('2 of 3 (pos pay 2 of 3)');
  });
});
