/** What the campaign of attacks makes of a run of them. */
import { expect } from 'chai';
import type { SuiteResult } from '../runner/result.js';
import { judge } from './attacks.js';

const weak = 'succeeds where the card does not look';
const pass = (title: string): SuiteResult['passes'][number] => ({ test: `A thief ${title}`, title });
const found: SuiteResult = {
  suite: 'attacks',
  passes: [
    pass(weak),
    pass('[M3] is refused by ours'),
    pass('in Group 14’s protocol loads'),
    pass('is paid what he sold'),
  ],
  failures: [],
  skips: [],
};

describe('The campaign of attacks', () => {
  it('counts what was refused, and what succeeded where it has to', () => {
    const { done, findings, notes } = judge(found, 1, 7);
    expect({ done, findings: findings.length }).to.deep.equal({ done: 3, findings: 0 });
    expect(notes[0]).to.equal(
      '1 refused by ours; 1 succeeded on weakened builds and 1 on the source design, as they have to',
    );
  });

  it('does not hold when an attack failed to be refused, or failed where it has to succeed', () => {
    const failures = [{ test: `A thief ${weak}`, message: 'CardError: refused\nat the card' }];
    const { findings } = judge({ ...found, failures }, 1, 7);
    expect(findings).to.deep.include({
      seed: 7,
      where: `A thief ${weak}: CardError: refused`,
      story: ['at the card'],
      replay: './epurse torture --only attacks --seed 7',
    });
  });

  it('does not hold when a weakened build was not attacked, such as when its test was skipped or is gone', () => {
    const { findings } = judge(found, 2, 7);
    expect(findings.map(({ where }) => where)).to.deep.equal([
      'on 1 of 2 weakened builds nothing succeeded: what they lack is not shown to matter',
    ]);
  });
});
