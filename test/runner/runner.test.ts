import { expect } from 'chai';
import { testCases } from './maven.js';
import { shareOf } from './mocha.js';
import { checked, closingLine, report } from './result.js';
import type { Pass, SuiteResult } from './result.js';

const empty: SuiteResult = { suite: 'one', passes: [], failures: [], skips: [] };

const passes = (count: number): Pass[] => Array.from({ length: count }, () => ({ test: 'suite test', title: 'test' }));

describe('The test runner', () => {
  it('counts a suite that ran no test as failed', () => {
    expect(checked(empty, 0).failures).to.deep.equal([{ test: 'one', message: 'ran no test' }]);
  });

  it('counts a suite that crashed after passing tests as failed', () => {
    expect(checked({ ...empty, passes: passes(3) }, 134).failures).to.have.length(1);
    expect(checked({ ...empty, passes: passes(3) }, null).failures).to.have.length(1);
  });

  it('leaves a suite alone that says itself what failed', () => {
    const failed = { ...empty, failures: [{ test: 'a', message: 'b' }] };
    expect(checked(failed, 1)).to.equal(failed);
  });

  it('sums every suite in the closing line and names skips only where there are some', () => {
    const other = {
      ...empty,
      passes: passes(4),
      failures: [{ test: 'a', message: 'b' }],
      skips: [{ test: 'c', reason: 'd' }],
    };
    expect(closingLine([{ ...empty, passes: passes(2) }])).to.equal('2 passed, 0 failed');
    expect(closingLine([{ ...empty, passes: passes(2) }, other])).to.equal('6 passed, 1 failed, 1 skipped');
  });

  it('gives every file to exactly one share, and those that use pcscd to the first', () => {
    const files = ['a.test.js', 'b/pcsc.slow.test.js', 'c.test.js', 'd.test.js', 'e/pcsc.slow.test.js'];
    const shares = [0, 1].map((number) => shareOf(files, { number, of: 2 }));
    expect(shares.flat().sort()).to.deep.equal(files.toSorted());
    expect(shares[1]).to.deep.equal(['c.test.js']);
    expect(shareOf(files, { number: 0, of: 1 })).to.have.length(files.length);
  });

  it('names failures with their messages and skips with their reasons', () => {
    const text = report([
      { ...empty, failures: [{ test: 'a', message: 'b' }], skips: [{ test: 'c', reason: 'no reader' }] },
    ]);
    expect(text).to.equal('✗ one: a\n    b\n- skipped 1: no reader');
  });

  it('reads passed, failed, broken and skipped cases from a Surefire report', () => {
    const xml = `<testsuite>
      <testcase name="a" classname="C" time="0.1"/>
      <testcase name="b" classname="C" time="0.1"><failure message="m" type="T"><![CDATA[expected 1 < 2]]></failure></testcase>
      <testcase name="c" classname="C"><error message="x &amp; y" type="T"/></testcase>
      <testcase name="d &gt; e" classname="C"><skipped message="no card"/></testcase>
    </testsuite>`;
    expect(testCases(xml)).to.deep.equal([
      { name: 'C: a', state: 'passed', message: '' },
      { name: 'C: b', state: 'failed', message: 'expected 1 < 2' },
      { name: 'C: c', state: 'failed', message: 'x & y' },
      { name: 'C: d > e', state: 'skipped', message: 'no card' },
    ]);
  });
});
