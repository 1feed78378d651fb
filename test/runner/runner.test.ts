import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { namesInTypeScript, subjectsInTypeScript, testsInJava } from '../support/test-names.js';
import { accountedFor, modules, readReports, testCases, testClasses } from './maven.js';
import { root } from './run.js';
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

  it('counts a Java class without a report as failed, but in a fast run not what is slow', () => {
    const none = {
      suite: 'J',
      passes: [],
      failures: [],
      skips: [],
      reported: new Set(['a.ATest', 'a.ATest.m', 'a.ATest.s']),
    };
    const quick = { method: 'm', title: 'm [R1]', isSlow: false };
    const classes = [
      { name: 'a.ATest', file: 'a', tests: [quick, { method: 's', title: 's [R2]', isSlow: true }] },
      { name: 'a.BTest', file: 'b', tests: [quick] },
      { name: 'a.CTest', file: 'c', tests: [{ method: 't', title: 't [R3]', isSlow: true }] },
    ];
    expect(accountedFor(none, classes, false).failures.map(({ test }) => test)).to.deep.equal(['a.BTest', 'a.CTest']);
    const fast = accountedFor(none, classes, true);
    expect(fast.failures.map(({ test }) => test)).to.deep.equal(['a.BTest']);
    expect(fast.leftOut).to.deep.equal(['a.ATest: s [R2]', 'a.CTest: t [R3]']);
  });

  it('counts a Java test without a report as failed by name, though others of its class have one', () => {
    const reported = new Set(['a.ATest', 'a.ATest.m']);
    const classes = [
      {
        name: 'a.ATest',
        file: 'a',
        tests: [
          { method: 'm', title: 'm [R1]', isSlow: false },
          { method: 's', title: 's [R2]', isSlow: true },
        ],
      },
    ];
    const one = { suite: 'J', passes: passes(1), failures: [], skips: [], reported };
    expect(accountedFor(one, classes, false).failures.map(({ test }) => test)).to.deep.equal(['a.ATest: s [R2]']);
    expect(accountedFor(one, classes, true).failures).to.deep.equal([]);
  });

  it('counts a Java test as failed that is disabled without a reason, and as skipped with one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'epurse-reports-'));
    const skipped = (message: string): string =>
      `<testcase name="m" classname="a.ATest"><skipped message="${message}"/></testcase>`;
    try {
      const outcome = (xml: string): number[] => {
        writeFileSync(join(folder, 'TEST-a.ATest.xml'), xml);
        const { failures, skips } = readReports('J', folder);
        return [failures.length, skips.length];
      };
      expect(outcome(skipped('void a.ATest.m() is @Disabled'))).to.deep.equal([1, 0]);
      expect(outcome(skipped(''))).to.deep.equal([1, 0]);
      expect(outcome(skipped('no card'))).to.deep.equal([0, 1]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('reads names, ids and slowness of Java tests from their sources', () => {
    const text = `/** About cuts. [M5] */
class ATest {

    @Tag("slow")
    @Test
    void aCardIsBlockedByFIVEWrongPins() { // [R16] [M8]
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @DisplayName("says \\"no\\"")
    void other(int n) throws Exception {
    }

    void helper() {
    }
}`;
    expect(testsInJava(text)).to.deep.equal([
      {
        method: 'aCardIsBlockedByFIVEWrongPins',
        title: 'a card is blocked by five wrong pins [R16] [M8] [M5]',
        isSlow: true,
      },
      { method: 'other', title: 'says \\"no\\" [M5]', isSlow: false },
    ]);
    expect(testsInJava(`@Tag("slow")\nclass BTest {\n    @Test\n    void a() {\n    }\n}`)[0]?.isSlow).to.equal(true);
  });

  it('finds tests in every class of the project that Surefire runs', () => {
    const classes = modules.flatMap((module) => testClasses(join(root, module), module));
    expect(classes.length).to.be.above(50);
    expect(classes.filter(({ tests }) => tests.length === 0).map(({ name }) => name)).to.deep.equal([]);
  });

  it('reads names of tests from TypeScript, whatever quotes they are in', () => {
    const text = "describe('A \\'b\\'', () => { it(`is ${c}`, f); it.skip(\n  \"d\", f); });";
    expect(namesInTypeScript(text)).to.deep.equal(["A \\'b\\'", 'is ${c}', 'd']);
    expect(namesInTypeScript(text, 'it')).to.deep.equal(['is ${c}', 'd']);
  });

  it('misses no requirement of a file that puts its names together elsewhere', () => {
    const text = "onBoth('A kiosk', { ids: '[R1] [M3]' }); it('refuses [R2]', f);";
    expect(subjectsInTypeScript(text, 'a.slow.test.ts')).to.deep.equal(['refuses [R2]', 'a.slow.test.ts [R1] [M3]']);
    expect(subjectsInTypeScript("it('refuses [R2]', f); // [R2]", 'a')).to.deep.equal(['refuses [R2]']);
  });

  it('reads passed, failed, broken and skipped cases from a Surefire report', () => {
    const xml = `<testsuite>
      <testcase name="a" classname="C" time="0.1"/>
      <testcase name="b" classname="C" time="0.1"><failure message="m" type="T"><![CDATA[expected 1 < 2]]></failure></testcase>
      <testcase name="c" classname="C"><error message="x &amp; y" type="T"/></testcase>
      <testcase name="d &gt; e" classname="C"><skipped message="no card"/></testcase>
    </testsuite>`;
    expect(testCases(xml)).to.deep.equal([
      { className: 'C', method: 'a', state: 'passed', message: '' },
      { className: 'C', method: 'b', state: 'failed', message: 'expected 1 < 2' },
      { className: 'C', method: 'c', state: 'failed', message: 'x & y' },
      { className: 'C', method: 'd > e', state: 'skipped', message: 'no card' },
    ]);
  });
});
