/** The grade never says more than the run it grades. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { SuiteResult } from '../runner/result.js';
import { root } from '../runner/run.js';
import { buildId } from '../support/build-id.js';
import { seal } from '../torture/results.js';
import { campaignIds, campaignNames } from '../torture/campaigns.js';
import { campaignFigures, campaignsFor, inWords } from './campaigns.js';
import { evidenceFor } from './evidence.js';
import type { Verdict } from './evidence.js';
import { bullets, gradeOf } from './grade.js';
import type { GradedRun } from './grade.js';
import { gradeHtml } from './html.js';
import { idsIn, readRequirements, requirementIds } from './requirements.js';
import type { Requirement } from './requirements.js';
import { fastRun, gradeText, reservations } from './text.js';

const requirement: Requirement = { id: 'R1', what: 'w', mechanism: 'm', places: ['host'], attack: 'a' };
const works = { test: 'Cards pay [R1]', title: 'pay [R1]' };
const refuses = { test: 'Cards are refused twice [R1]', title: 'are refused twice [R1]' };
const run = (part: Partial<SuiteResult>): SuiteResult => ({ suite: 's', passes: [], failures: [], skips: [], ...part });
const verdict = (...results: SuiteResult[]): Verdict => evidenceFor(requirement, results).verdict;
const of: GradedRun = { begun: new Date(0), ended: new Date(0), isFast: false, build: buildId(root) };

describe('The grade of a run', () => {
  const everything = requirementIds.flatMap((id) => [
    { test: `x [${id}]`, title: 'x' },
    { test: `refuses [${id}]`, title: 'refuses' },
  ]);

  it('shows a requirement when a test of what works and one of a refusal passed', () => {
    expect(verdict(run({ passes: [works, refuses] }))).to.equal('shown');
    expect(verdict(run({ passes: [works] }), run({ passes: [refuses] }))).to.equal('shown');
  });

  it('shows nothing where no test ran', () => {
    expect(verdict()).to.equal('not shown');
    expect(verdict(run({}))).to.equal('not shown');
  });

  it('shows nothing by tests of other ids, whose digits begin alike', () => {
    const other = [works, refuses].map(({ test, title }) => ({
      test: test.replace('R1', 'R16'),
      title: title.replace('R1', 'R16'),
    }));
    expect(verdict(run({ passes: other }))).to.equal('not shown');
  });

  it('shows nothing without a refusal, or by refusals alone', () => {
    expect(verdict(run({ passes: [works] }))).to.equal('not shown');
    expect(verdict(run({ passes: [refuses] }))).to.equal('not shown');
  });

  it('shows nothing where every test was skipped, and a part where some were', () => {
    const skips = [{ test: works.test, reason: 'no reader' }];
    expect(verdict(run({ skips }))).to.equal('not shown');
    expect(verdict(run({ passes: [works, refuses], skips }))).to.equal('shown in part');
  });

  it('shows a part only where a fast run left tests out', () => {
    expect(verdict(run({ passes: [works, refuses], leftOut: ['Cards are slow [R1]'] }))).to.equal('shown in part');
    expect(verdict(run({ passes: [works, refuses], leftOut: ['Cards are slow [R16]'] }))).to.equal('shown');
  });

  it('fails a requirement whose campaign gave way on these sources, whatever the tests say', () => {
    const campaign = { name: 'cuts', state: 'gave way' as const, ids: ['R1'], result: undefined };
    const all = [run({ passes: [works, refuses] })];
    expect(evidenceFor(requirement, all, [campaign]).verdict).to.equal('failed');
    expect(evidenceFor(requirement, all, [{ ...campaign, ids: ['R2'] }]).verdict).to.equal('shown');
    expect(evidenceFor(requirement, all, [{ ...campaign, state: 'other build' }]).verdict).to.equal('shown');
  });

  it('fails a requirement by one failure among many passes', () => {
    const failures = [{ test: refuses.test, message: 'no' }];
    expect(verdict(run({ passes: [works, refuses], failures }))).to.equal('failed');
  });

  it('is not ok when a suite crashed that carries no id, or when nothing ran', () => {
    const all = readRequirements(root).flatMap(({ id }) => [
      { test: `x [${id}]`, title: 'x' },
      { test: `refuses [${id}]`, title: 'refuses' },
    ]);
    expect(gradeOf(root, [run({ passes: all })], of).ok).to.equal(true);
    const crashed = run({ suite: 't', failures: [{ test: 't', message: 'ended with exit code 134' }] });
    const broken = gradeOf(root, [run({ passes: all }), crashed], of);
    expect(broken.ok).to.equal(false);
    expect(gradeOf(root, [run({ passes: all }), run({ suite: 'empty' })], of).ok).to.equal(false);
    expect(gradeOf(root, [], of).ok).to.equal(false);
  });

  it('tells of each failure its name, suite, file and message, with an id or without, as text, as HTML and as data', () => {
    const message = 'expected 3 to equal 4\n  at a < b';
    const failures = [
      { test: 'Cards pay [R1]', message, file: 'test/a.test.ts' },
      { test: '"before all" hook', message: 'no' },
    ];
    const grade = gradeOf(root, [run({ suite: 'half', passes: everything, failures })], of);
    const text = gradeText(grade).join('\n');
    const html = gradeHtml(grade);
    for (const part of ['Cards pay [R1]', 'half, test/a.test.ts', 'expected 3 to equal 4']) {
      expect(text).to.include(part);
      expect(html).to.include(part);
    }
    expect(text).to.include('at a < b').and.to.include('"before all" hook');
    expect(html).to.include('at a &lt; b').and.to.include('&quot;before all&quot; hook');
    expect(grade.failures).to.deep.equal(failures.map((one) => ({ ...one, suite: 'half' })));
    expect(grade.ok).to.equal(false);
  });

  it('says at the top why so much is shown in part, which campaigns did not run, and that nobody knows the sources', () => {
    const skips = [{ test: works.test, reason: 'no card' }];
    const grade = gradeOf(root, [run({ passes: everything, skips })], { ...of, build: undefined });
    const said = reservations({ ...grade, isMixed: false }).join(' ');
    expect(said).to.include('no card').and.to.include('no git checkout').and.to.include('cuts, model');
    expect(grade.sources).to.equal(undefined);
  });

  it('is not ok on sources that were saved while the tests ran', () => {
    const results = [run({ passes: everything })];
    expect(gradeOf(root, results, of).ok).to.equal(true);
    const mixed = gradeOf(root, results, { ...of, build: 'other' });
    expect(mixed.ok).to.equal(false);
    expect(reservations(mixed).join(' ')).to.include('saved while the tests ran');
    expect(mixed.campaigns.every(({ state }) => state === 'not run' || state === 'other build')).to.equal(true);
  });

  it('is not ok where a test carries an id that there is not, and names it', () => {
    const stray = gradeOf(root, [run({ passes: [...everything, { test: 'x [R18]', title: 'x' }] })], of);
    expect(stray.ok).to.equal(false);
    expect(gradeText(stray).join(' ')).to.include('R18');
    expect(gradeHtml(stray)).to.include('R18');
  });

  it('tells every id with mechanism, place, attack and tests, as text and as HTML without outside parts', () => {
    const grade = gradeOf(root, [run({ passes: [works, refuses] })], of);
    const text = gradeText(grade).join('\n');
    const html = gradeHtml(grade);
    for (const { id, mechanism } of readRequirements(root)) {
      expect(text)
        .to.include(`${id.padEnd(4)}`)
        .and.to.include(mechanism);
      expect(html).to.include(`>${id}<`);
    }
    expect(html).to.not.match(/https?:|src=|<script|<link/);
    expect(text).to.not.include(fastRun);
    expect(gradeText({ ...grade, isFast: true }).join('\n')).to.include(fastRun);
  });

  it('keeps markup in a test name from becoming markup', () => {
    const named = { test: 'Cards <b onclick="x"> [R1]', title: 'x' };
    expect(gradeHtml(gradeOf(root, [run({ passes: [named] })], of))).to.not.include('<b onclick');
  });

  it('tells what is assumed and not covered, and fails rather than leave it out', () => {
    const grade = gradeOf(root, [], of);
    expect(grade.assumed).to.not.be.empty;
    expect(grade.notCovered.join(' ')).to.include('relay');
    expect(() => bullets('# Nothing\n', 'Assumed')).to.throw('Assumed');
  });

  it('knows every id that a campaign says it puts to the test', () => {
    const ids = readRequirements(root).map(({ id }) => id);
    for (const [campaign, named] of Object.entries(campaignIds)) {
      expect(campaignNames).to.include(campaign);
      expect(ids).to.include.members([...named]);
    }
  });

  it('shows a campaign on the build it ran on, and on no other', () => {
    const folder = mkdtempSync(join(tmpdir(), 'epurse-grade-'));
    const stateAt = (build: string | undefined): string | undefined =>
      campaignFigures(folder, build, ['cuts'])[0]?.state;
    const store = (change: object): void => {
      const result = { name: 'cuts', title: 't', unit: 'cuts', done: 5, seed: 1, findings: 0, notes: [], seconds: 1 };
      const content = { ...result, ended: '2026-01-01T00:00:00.000Z', build: 'a', ...change };
      writeFileSync(join(folder, '.tools', 'campaigns', 'cuts.json'), JSON.stringify(seal(content)));
    };
    try {
      expect(stateAt('a')).to.equal('not run');
      mkdirSync(join(folder, '.tools', 'campaigns'), { recursive: true });
      store({});
      expect(stateAt('a')).to.equal('held');
      expect(stateAt('b')).to.equal('other build');
      expect(stateAt(undefined)).to.equal('other build');
      expect(campaignsFor('M1', campaignFigures(folder, 'a', ['cuts']))).to.equal('cuts: 5 cuts, held');
      expect(campaignsFor('M1', campaignFigures(folder, 'b', ['cuts']))).to.equal('cuts: not run on these sources');
      expect(campaignsFor('M12', campaignFigures(folder, 'a', ['cuts']))).to.equal('');
      store({ usualSeconds: 90 });
      expect(stateAt('a')).to.equal('held briefly');
      expect(campaignFigures(folder, 'a', ['cuts']).map(inWords).join('')).to.include('usual time, 90 s');
      store({ findings: 1 });
      expect(stateAt('a')).to.equal('gave way');
      store({ done: 0 });
      expect(stateAt('a')).to.equal('not run');
      store({ name: 'others' });
      expect(stateAt('a')).to.equal('damaged');
      writeFileSync(join(folder, '.tools', 'campaigns', 'cuts.json'), '{"name":"cuts"');
      expect(stateAt('a')).to.equal('damaged');
      store({});
      const file = join(folder, '.tools', 'campaigns', 'cuts.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"done":5', '"done":5000000'));
      expect(stateAt('a')).to.equal('damaged');
      expect(campaignsFor('M1', campaignFigures(folder, 'a', ['cuts']))).to.equal('cuts: not run on these sources');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tells builds apart by every source, changed or new, and tells none without git', () => {
    const folder = mkdtempSync(join(tmpdir(), 'epurse-build-'));
    const git = (...words: string[]): void => void execFileSync('git', ['-C', folder, ...words], { stdio: 'ignore' });
    try {
      mkdirSync(join(folder, 'host'));
      writeFileSync(join(folder, 'host', 'a.ts'), '1');
      expect(buildId(folder)).to.equal(undefined);
      git('init');
      writeFileSync(join(folder, '.gitignore'), 'unpacked/\n');
      const unpacked = join(folder, 'unpacked', 'host');
      mkdirSync(unpacked, { recursive: true });
      writeFileSync(join(unpacked, 'a.ts'), '1');
      expect(buildId(join(folder, 'unpacked')), 'ignored by the checkout around it').to.equal(undefined);
      const first = buildId(folder);
      expect(first).to.match(/^[0-9a-f]{64}$/);
      writeFileSync(join(folder, 'README.md'), 'words');
      expect(buildId(folder)).to.equal(first);
      writeFileSync(join(folder, 'host', 'b.ts'), '');
      const second = buildId(folder);
      writeFileSync(join(folder, 'host', 'a.ts'), '2');
      const third = buildId(folder);
      mkdirSync(join(folder, '.mvn'));
      writeFileSync(join(folder, '.mvn', 'maven.config'), '-DexcludedGroups=slow');
      expect(new Set([first, second, third, buildId(folder)]).size).to.equal(4);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('reads one id, several, and none where brackets hold something else', () => {
    expect(idsIn('a [R1] b [R2, M12]')).to.deep.equal(['R1', 'R2', 'M12']);
    expect(idsIn('a R1 [see R1] [R1-R3] []')).to.deep.equal([]);
  });

  it('refuses a table of requirements that lacks a row, has one twice or one too many', () => {
    const folder = mkdtempSync(join(tmpdir(), 'epurse-grade-'));
    const table = (ids: readonly string[]): string =>
      ids.map((id) => `| ${id} | what | how | \`host\` | attack |`).join('\n');
    try {
      mkdirSync(join(folder, 'docs'));
      const read = (ids: readonly string[]): Requirement[] => {
        writeFileSync(join(folder, 'docs', 'requirements.md'), table(ids));
        return readRequirements(folder);
      };
      expect(read(requirementIds)).to.have.length(29);
      expect(() => read(requirementIds.filter((id) => id !== 'R5'))).to.throw('R5');
      expect(() => read([...requirementIds, 'R1'])).to.throw('R1');
      expect(() => read([...requirementIds, 'R18'])).to.throw('R18');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses a table of requirements with a missing cell, or no table', () => {
    const folder = mkdtempSync(join(tmpdir(), 'epurse-grade-'));
    try {
      mkdirSync(join(folder, 'docs'));
      writeFileSync(join(folder, 'docs', 'requirements.md'), '| R1 | what | how | `host` |\n');
      expect(() => readRequirements(folder)).to.throw('R1');
      writeFileSync(join(folder, 'docs', 'requirements.md'), 'nothing\n');
      expect(() => readRequirements(folder)).to.throw('no table');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
