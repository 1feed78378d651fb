/** The score of mutants is what the verdicts say, and explanations are held to them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { root } from '../runner/run.js';
import { readExplanations, readVerdicts, score, vanished } from './mutation-report.js';

const line = (fate: string, key: string): string => [fate, `${key}@1`, key, `what ${key} is`, '', ''].join('\t');
const report = [
  '# code 00',
  '# mutants 4',
  line('KILLED', 'a'),
  line('SURVIVED', 'b'),
  line('UNREACHED', 'c'),
  '',
].join('\n');

describe('The mutants of the applet', () => {
  it('count as killed by a test, and by nothing else', () => {
    const found = score(readVerdicts(report), new Map());
    expect([found.judged, found.killed]).to.deep.equal([3, 1]);
    expect(found.percent).to.be.closeTo(33.3, 0.1);
    expect(found.unexplained.map(({ key }) => key)).to.deep.equal(['b', 'c']);
  });

  it('are not killed by an explanation', () => {
    const found = score(readVerdicts(report), new Map([['b', 'because']]));
    expect(found.killed).to.equal(1);
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

  it('have explanations that can be read', () => {
    const file = join(root, 'test', 'torture', 'explained-mutants.tsv');
    expect(() => readExplanations(readFileSync(file, 'utf8'))).to.not.throw();
  });
});
