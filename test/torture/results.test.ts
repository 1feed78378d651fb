/** A campaign's result is kept for the build it ran on, or not at all. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { buildId } from '../support/build-id.js';
import type { Campaign } from './campaign.js';
import type { Ran } from './page.js';
import { keep, kept } from './results.js';

const campaign: Campaign = {
  name: 'toy',
  title: 'plays',
  unit: 'cuts',
  budgetMs: () => 1,
  run: () => Promise.reject(new Error('not run here')),
};
const ran: Ran = {
  campaign,
  seconds: 1.5,
  result: { name: 'toy', seed: 7, unit: 'cuts', done: 3, findings: [], notes: ['a note'] },
};

describe('The result of a campaign', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'epurse-results-'));
    mkdirSync(join(folder, 'host'));
    writeFileSync(join(folder, 'host', 'a.ts'), '1');
    execFileSync('git', ['-C', folder, 'init'], { stdio: 'ignore' });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is kept with its figures and the build it began on', () => {
    const build = buildId(folder);
    expect(keep(folder, build, ran, new Date(0))).to.equal(undefined);
    const [result, ...others] = kept(folder).results;
    expect(others).to.deep.equal([]);
    expect(result).to.include({ name: 'toy', done: 3, seed: 7, findings: 0, build, ended: '1970-01-01T00:00:00.000Z' });
  });

  it('is not kept when the sources changed meanwhile, or nobody knows the build', () => {
    const build = buildId(folder);
    writeFileSync(join(folder, 'host', 'a.ts'), '2');
    expect(keep(folder, build, ran, new Date(0))?.why).to.equal('nobody knows the build');
    expect(keep(folder, undefined, ran, new Date(0))?.why).to.equal('nobody knows the build');
    expect(kept(folder)).to.deep.equal({ results: [], damaged: [] });
  });

  it('is not read from a file that is something else', () => {
    mkdirSync(join(folder, '.tools', 'campaigns'), { recursive: true });
    for (const [name, text] of [
      ['a.json', '{'],
      ['b.json', '{"name":"b","done":1}'],
      ['c.json', 'null'],
    ] as const)
      writeFileSync(join(folder, '.tools', 'campaigns', name), text);
    expect(kept(folder)).to.deep.equal({ results: [], damaged: ['a', 'b', 'c'] });
  });

  it('is not read where a figure was changed by hand, the file was cut short or has another name', () => {
    keep(folder, buildId(folder), ran, new Date(0));
    const file = join(folder, '.tools', 'campaigns', 'toy.json');
    const text = readFileSync(file, 'utf8');
    for (const other of [text.replace('"done": 3', '"done": 3000'), text.replace('"a note"', ''), text.slice(0, -20)]) {
      expect(other).to.not.equal(text);
      writeFileSync(file, other);
      expect(kept(folder)).to.deep.equal({ results: [], damaged: ['toy'] });
    }
    writeFileSync(file, text);
    expect(kept(folder).results).to.have.length(1);
    writeFileSync(join(folder, '.tools', 'campaigns', 'cuts.json'), text);
    expect(kept(folder).damaged).to.deep.equal(['cuts']);
  });

  it('is that of the build that ran, not of what was saved before the next campaign began', () => {
    const build = buildId(folder);
    writeFileSync(join(folder, 'host', 'a.ts'), 'saved while the first campaign ran');
    expect(keep(folder, build, ran, new Date(0))?.why).to.equal('nobody knows the build');
  });

  it('is not kept over a finding on the same sources, but for the same seed in its usual time, or other sources', () => {
    const build = buildId(folder);
    const finding = { seed: 7, where: 'w', story: [], replay: 'r' };
    const gaveWay = { ...ran, result: { ...ran.result, findings: [finding] } };
    const held = (seed: number, isBrief = false): Ran => ({ ...ran, isBrief, result: { ...ran.result, seed } });
    const findings = (): number | undefined => kept(folder).results[0]?.findings;
    expect(keep(folder, build, gaveWay, new Date(0))).to.equal(undefined);
    for (const other of [held(8), held(7, true)])
      expect(keep(folder, build, other, new Date(0))).to.deep.equal({ why: 'an earlier finding', seed: 7 });
    expect(findings()).to.equal(1);
    expect(kept(folder).results[0]?.found).to.deep.equal(['w (again: r)']);
    expect(keep(folder, build, held(7), new Date(0))).to.equal(undefined);
    expect(findings()).to.equal(0);
    keep(folder, build, gaveWay, new Date(0));
    writeFileSync(join(folder, 'host', 'a.ts'), 'mended');
    expect(keep(folder, buildId(folder), held(8), new Date(0))).to.equal(undefined);
    expect(findings()).to.equal(0);
  });
});
