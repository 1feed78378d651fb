import { expect } from 'chai';
import { Coverage, asReached, coverageNotes, isEverywhere, merged } from './coverage.js';
import type { Places, ReachedStep } from './coverage.js';

const names = ['writeSync', 'card 50', 'show'];

function learned(mine?: Places, earlier: readonly ReachedStep[] = [], tell?: (step: ReachedStep) => void): Coverage {
  const coverage = new Coverage(mine, earlier, tell);
  coverage.learn('pos pay', 'terminal', names);
  coverage.learn('pos pay', 'issuer', ['hotList: arrived', 'hotList: answered']);
  return coverage;
}

function reachAll(coverage: Coverage): void {
  for (const [place, name] of names.entries()) coverage.reach('pos pay', 'terminal', place, name);
  coverage.reach('pos pay', 'issuer', 0, 'hotList: arrived');
  coverage.reach('pos pay', 'issuer', 1, 'hotList: answered');
}

describe('The steps that the kills campaign reached', () => {
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

  it('are told once each, by the one that reached them first', () => {
    const told: ReachedStep[] = [];
    const coverage = learned(undefined, [], (step) => told.push(step));
    for (let again = 0; again < 2; again++) coverage.reach('pos pay', 'terminal', 1, 'card 50');
    expect(told).to.deep.equal([{ task: 'pos pay', side: 'terminal', place: 1, name: 'card 50', of: 3 }]);
  });

  it('stay reached in the next piece of a run, where the step is still the same', () => {
    const earlier = (place: number, name: string): ReachedStep => ({
      ...{ task: 'pos pay', side: 'terminal', of: 3 },
      ...{ place, name },
    });
    const coverage = learned(undefined, [earlier(0, 'writeSync'), earlier(2, 'card 54')]);
    expect(coverage.open('pos pay', 'terminal')).to.deep.equal([1, 2]);
  });

  it('are each for one of those who share them to reach', () => {
    const shares = [0, 1].map((number) => learned({ number, of: 2 }).open('pos pay', 'terminal'));
    expect(shares).to.deep.equal([[0, 2], [1]]);
  });

  it('are no longer aimed at when four tries did not meet them, and count as not reached', () => {
    const coverage = learned();
    for (let tries = 0; tries < 4; tries++) coverage.aim('pos pay', 'terminal', 2);
    expect(coverage.open('pos pay', 'terminal')).to.deep.equal([0, 1]);
    expect(coverageNotes(coverage.reached)[0]).to.include('0 of 3');
  });
});

describe('A task of the kills campaign', () => {
  it('is open as long as nobody knows its steps, or one of them is', () => {
    const coverage = new Coverage();
    expect(coverage.isOpen('pos pay')).to.equal(true);
    const known = learned();
    expect(known.isOpen('pos pay')).to.equal(true);
    reachAll(known);
    expect(known.isOpen('pos pay')).to.equal(false);
  });

  it('is not learnt again by a later piece that has nothing to reach in it', () => {
    const reached: ReachedStep[] = [];
    reachAll(learned(undefined, [], (step) => reached.push(step)));
    expect(new Coverage(undefined, reached).isOpen('pos pay')).to.equal(false);
    expect(new Coverage(undefined, reached.slice(1)).isOpen('pos pay')).to.equal(true);
  });

  it('asks the issuer as often as a question arrives there', () => {
    expect(learned().questions('pos pay')).to.equal(1);
  });
});

describe('A long run of the kills campaign', () => {
  const all = (): ReachedStep[] => {
    const reached: ReachedStep[] = [];
    reachAll(learned(undefined, [], (step) => reached.push(step)));
    return reached;
  };

  it('was everywhere when every step of every task was reached, in whichever piece', () => {
    const [first, ...others] = all();
    const pieces = merged([...asReached(first === undefined ? [] : [first]), ...asReached(others)]);
    expect(isEverywhere(pieces, ['pos pay'])).to.equal(true);
  });

  it('was not everywhere where a step is missing, or a task of which nothing is known', () => {
    const withoutOne = [...learned().reached, ...asReached(all().slice(0, -1))];
    expect(isEverywhere(merged(withoutOne), ['pos pay'])).to.equal(false);
    expect(isEverywhere(asReached(all()), ['pos pay', 'pos day'])).to.equal(false);
  });
});
