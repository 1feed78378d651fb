/** The score of mutants is what the verdicts say, and explanations are held to them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { root } from '../runner/run.js';
import { judgeCoverage } from './branches.js';
import { readReport } from './domain/report.js';
import { findingsOf, notesOf, readExplanations, readVerdicts, score, vanished } from './mutation-report.js';

const line = (fate: string, key: string): string => [fate, `${key}@1`, key, `what ${key} is`, '', ''].join('\t');
const report = [
  '# code 00',
  '# mutants 4',
  line('KILLED', 'a'),
  line('SURVIVED', 'b'),
  line('UNREACHED', 'c'),
  '',
].join('\n');

const bar = { campaign: 'mutants', aim: 60, floor: 50, explanations: 'explained.tsv' };

describe('The mutants of the applet', () => {
  it('count as killed by a test, and by nothing else', () => {
    const found = score(readVerdicts(report), new Map());
    expect([found.judged, found.killed]).to.deep.equal([3, 1]);
    expect(found.percent).to.be.closeTo(33.3, 0.1);
    expect(found.unexplained.map(({ key }) => key)).to.deep.equal(['b', 'c']);
  });

  it('are noticed by the clock, unless an explanation says that nothing could notice them', () => {
    const hung = line('TIMED_OUT', 'e');
    const found = score(readVerdicts(`${report}${hung}`), new Map());
    expect([found.judged, found.killed, found.timedOut, found.unexplained.length]).to.deep.equal([4, 2, 1, 2]);
    expect(notesOf(found, bar)).to.include('1 of the noticed ended by the clock');
    const explained = score(readVerdicts(`${report}${hung}`), new Map([['e', 'because']]));
    expect([explained.judged, explained.killed, explained.timedOut]).to.deep.equal([4, 1, 0]);
    expect(explained.explained.map(({ key }) => key)).to.deep.equal(['e']);
    expect(explained.outdated).to.deep.equal([]);
  });

  it('are not killed by an explanation', () => {
    const found = score(readVerdicts(report), new Map([['b', 'because']]));
    expect(found.killed).to.equal(1);
    expect(found.percent).to.be.closeTo(33.3, 0.1);
    expect(found.percentOfKillable).to.equal(50);
    expect(found.explained.map(({ key }) => key)).to.deep.equal(['b']);
    expect(found.unexplained.map(({ key }) => key)).to.deep.equal(['c']);
  });

  it('show an explanation that is out of date: of one that is killed, or that there is not', () => {
    const explanations = new Map([
      ['a', 'killed by now'],
      ['d', 'gone'],
    ]);
    expect(score(readVerdicts(report), explanations).outdated).to.deep.equal(['a']);
    expect(vanished(new Set(['a', 'b', 'c']), explanations)).to.deep.equal(['d']);
  });

  it('show no score where nothing was judged', () => {
    expect(score([], new Map()).percent).to.equal(0);
  });

  it('are refused in a file that is no report, or with an explanation without a reason', () => {
    expect(() => readVerdicts('KILLED\tonly')).to.throw('not a verdict');
    expect(() => readVerdicts(line('FINE', 'a'))).to.throw('not a verdict');
    expect(() => readExplanations('key\t ')).to.throw('not an explanation');
    expect(() => readExplanations('key\tone\nkey\ttwo')).to.throw('not an explanation');
  });

  it('are a finding below the floor, and so is each explanation that explains nothing', () => {
    const found = score(readVerdicts(report), new Map([['a', 'killed by now']]));
    const findings = findingsOf(found, ['d'], bar, 7, true);
    expect(findings.map(({ where }) => where)).to.deep.equal([
      '33.3 % of the mutants are noticed, less than 50 %',
      'explained.tsv: a: a test notices it',
      'explained.tsv: d: there is no such mutant',
    ]);
    expect(findings[0]?.story).to.deep.equal(['what b is (b)', 'what c is (c)']);
    expect(findings[0]?.replay).to.equal('./epurse torture --only mutants --seed 7 --long');
    expect(findingsOf(score(readVerdicts(report), new Map([['b', 'because']])), [], bar, 7, true)).to.deep.equal([]);
  });

  it('are told with and without the explained ones, and with the aim as long as it is not reached', () => {
    expect(notesOf(score(readVerdicts(report), new Map([['b', 'because']])), bar)).to.deep.equal([
      '1 of 3 noticed, 33.3 %; survivors: 1 explained, 1 not',
      '50.0 % of those that a test could notice',
      'the aim of 60 % is not reached',
    ]);
    expect(notesOf(score(readVerdicts(line('KILLED', 'a')), new Map()), bar)).to.have.length(2);
  });

  for (const file of ['explained-mutants.tsv', 'explained-domain-mutants.tsv', 'unreached-branches.tsv'])
    it(`have reasons in ${file} that can be read`, () => {
      const text = readFileSync(join(root, 'test', 'torture', file), 'utf8');
      expect(() => readExplanations(text)).to.not.throw();
    });
});

describe('The branches of the applet', () => {
  const measured = '99 of 100 branches taken, 99.0 %\na.b()V:true#1\tline 7\n';

  it('that no test takes are told, the explained ones apart', () => {
    expect(judgeCoverage(measured, '', 'again', 7)).to.deep.equal({
      findings: [],
      notes: ['99 of 100 branches taken, 99.0 %; not taken: 0 explained, 1 not'],
    });
    expect(judgeCoverage(measured, 'a.b()V:true#1\tbecause', 'again', 7).notes[0]).to.match(/1 explained, 0 not$/);
  });

  it('are a finding below the aim, and so is a reason for one that is taken or gone', () => {
    const low = measured.replace('99 of 100', '97 of 100');
    expect(judgeCoverage(low, 'c.d()V:false#2\tbecause', 'again', 7).findings).to.deep.equal([
      { seed: 7, where: '97 of 100 branches taken, 99.0 %, less than 98 %', story: ['a.b()V:true#1'], replay: 'again' },
      {
        seed: 7,
        where: 'unreached-branches.tsv: c.d()V:false#2: a test takes it, or there is no such branch',
        story: [],
        replay: 'again',
      },
    ]);
  });

  it('are not measured by a file that says nothing of them', () => {
    expect(() => judgeCoverage('', '', 'again', 7)).to.throw('not a measure of branches');
  });
});

describe('A report of Stryker’s', () => {
  const at = (line: number, from: number, to: number): object => ({
    start: { line, column: from },
    end: { line, column: to },
  });
  const mutant = (status: string, location: object, replacement = 'false'): object => ({
    id: '1',
    mutatorName: 'ConditionalExpression',
    replacement,
    location,
    status,
  });
  const reportOf = (mutants: readonly object[]): string =>
    JSON.stringify({ files: { 'a.ts': { source: 'if (x > 1) f();\nif (x > 1) g();\n', mutants } } });

  it('gives each mutant a name that does not hold its line', () => {
    const judged = readReport(
      reportOf([
        mutant('Killed', at(1, 5, 10)),
        mutant('Survived', at(2, 5, 10)),
        mutant('NoCoverage', at(2, 12, 15), ''),
      ]),
    );
    expect(judged).to.deep.equal([
      { fate: 'KILLED', key: 'a.ts:ConditionalExpression:x > 1 → false#1', what: 'a.ts, line 1' },
      { fate: 'SURVIVED', key: 'a.ts:ConditionalExpression:x > 1 → false#2', what: 'a.ts, line 2' },
      { fate: 'UNREACHED', key: 'a.ts:ConditionalExpression:g() → #1', what: 'a.ts, line 2' },
    ]);
  });

  it('counts one that never ended as noticed, and one that was not asked about not at all', () => {
    const judged = readReport(reportOf(['Timeout', 'Ignored', 'CompileError'].map((one) => mutant(one, at(1, 5, 10)))));
    expect(judged.map(({ fate }) => fate)).to.deep.equal(['TIMED_OUT']);
    expect(score(judged, new Map()).killed).to.equal(1);
  });

  it('is refused where the run did not come to its end, or where it is none', () => {
    expect(() => readReport(reportOf([mutant('Pending', at(1, 5, 10))]))).to.throw('did not come to its end');
    expect(() => readReport('{}')).to.throw();
  });
});
