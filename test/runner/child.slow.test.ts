/** The process that runs mocha tells of every test it was given: what did not run is never missing from its report. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { leftOutOfFast } from '../support/skip.js';
import { runMocha } from './mocha.js';
import type { SuiteResult } from './result.js';

/** A suite of one file; a fast run has a slow one beside it. @param built its compiled form */
async function outcomeOf(code: string | undefined, fast = false, built = code): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'epurse-child-'));
  try {
    for (const place of ['test', join('build', 'test')]) mkdirSync(join(folder, place), { recursive: true });
    if (code !== undefined) {
      writeFileSync(join(folder, 'test', 'a.test.ts'), code);
      writeFileSync(join(folder, 'build', 'test', 'a.test.js'), built ?? '');
    }
    if (fast)
      writeFileSync(
        join(folder, 'test', 'b.slow.test.ts'),
        `describe('Slow', () => it('takes its time [R16]', () => {}));`,
      );
    return await runMocha({ suite: 's', cwd: folder, sources: ['test'] }, fast);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const names = (result: SuiteResult): string[] => result.failures.map(({ test }) => test);

describe('A run of mocha', () => {
  it('says where each passed test is', async () => {
    const { passes, failures } = await outcomeOf(`describe('A', () => it('passes', () => {}));`);
    expect(passes).to.deep.equal([{ test: 'A passes', title: 'passes', file: 'test/a.test.ts' }]);
    expect(failures).to.deep.equal([]);
  });

  it('counts tests as failed that never ran because a hook before them failed', async () => {
    const result = await outcomeOf(
      `describe('A', () => { before(() => { throw new Error('no'); }); it('one', () => {}); it('two', () => {}); });`,
    );
    expect(names(result)).to.include.members(['A one', 'A two']);
    expect(result.passes).to.deep.equal([]);
  });

  it('fails where one test would keep the others from running', async () => {
    const { failures, passes } = await outcomeOf(
      `describe('A', () => { it.only('one', () => {}); it('two', () => {}); });`,
    );
    expect(failures).to.have.length(1);
    expect(passes).to.deep.equal([]);
  });

  it('fails where a file throws as it is loaded, a test ends the process, or there is no test', async () => {
    for (const code of [
      `throw new Error('at load');`,
      `describe('A', () => { it('one', () => {}); it('two', () => process.exit(0)); it('three', () => {}); });`,
      undefined,
    ]) {
      const { passes, failures } = await outcomeOf(code);
      expect(passes, code).to.deep.equal([]);
      expect(failures, code).to.not.deep.equal([]);
    }
  });

  it('fails where a file has no test in it, as one that was emptied or not built', async () => {
    const empty = `describe('A', () => {});`;
    for (const [code, built] of [
      [empty, empty],
      [`describe('A', () => it('passes', () => {}));`, ''],
    ] as const) {
      const { failures } = await outcomeOf(code, false, built);
      expect(failures).to.deep.include({
        test: 'test/a.test.ts',
        message: 'has no test in it',
        file: 'test/a.test.ts',
      });
    }
  });

  it('fails where a suite has no test in it, as one whose table came out empty', async () => {
    const code = `describe('A', () => { it('one', () => {}); describe('B', () => { for (const n of []) it(n, () => {}); }); });`;
    const { failures, passes } = await outcomeOf(code);
    expect(passes).to.have.length(1);
    expect(failures).to.deep.equal([{ test: 'A B', message: 'has no test in it', file: 'test/a.test.ts' }]);
  });

  it('fails where a test is marked skipped, and is content where a skip has its reason', async () => {
    for (const code of [
      `describe('A', () => { it('one', () => {}); it.skip('two', () => {}); });`,
      `describe('A', () => { it('one', () => {}); it('two'); });`,
      `describe('A', () => { it('one', () => {}); it('two', function () { this.skip(); }); });`,
      `it('one', () => {}); describe.skip('A', () => it('two', () => {}));`,
    ]) {
      const { failures, skips } = await outcomeOf(code);
      expect(failures, code).to.have.length(1);
      expect(failures[0], code).to.include({ message: 'was skipped, and nobody says why', file: 'test/a.test.ts' });
      expect(skips).to.deep.equal([]);
    }
    const reason = `it('one', () => {}); it('two', function () { this.test.skipReason = 'no card'; this.skip(); });`;
    const { failures, skips } = await outcomeOf(reason);
    expect(failures).to.deep.equal([]);
    expect(skips).to.deep.equal([{ test: 'two', reason: 'no card' }]);
  });

  it('is not hurried by what stands in the environment, and says where a failed test is', async () => {
    const code = `it('has its time', () => { if (process.env.EPURSE_FAST === '1') throw new Error('hurried'); });`;
    const before = process.env['EPURSE_FAST'];
    process.env['EPURSE_FAST'] = '1';
    try {
      expect((await outcomeOf(code)).failures).to.deep.equal([]);
      const [failure] = (await outcomeOf(code, true)).failures;
      expect(failure).to.include({ test: 'has its time', file: 'test/a.test.ts' });
      expect(failure?.message).to.include('hurried');
    } finally {
      if (before === undefined) delete process.env['EPURSE_FAST'];
      else process.env['EPURSE_FAST'] = before;
    }
  });

  it('that is killed has failed, whatever it had found by then', async () => {
    const { passes, failures } = await outcomeOf(
      `it('one', () => {}); it('two', () => { process.kill(process.pid, 'SIGKILL'); });`,
    );
    expect(passes).to.deep.equal([]);
    expect(failures[0]?.message).to.include('no report');
  });

  it('names what a fast run leaves out, and a whole run leaves out nothing', async () => {
    const code = `describe('A', () => it('passes', () => {}));`;
    expect((await outcomeOf(code, true)).leftOut).to.deep.equal(['Slow', 'takes its time [R16]']);
    const itself = `it('is left [R1]', function () { this.test.skipReason = '${leftOutOfFast}'; this.skip(); });`;
    const own = await outcomeOf(`it('is asked', () => {}); ${itself}`, true);
    expect([own.leftOut?.at(-1), own.skips]).to.deep.equal(['is left [R1]', []]);
    expect((await outcomeOf(code)).leftOut).to.deep.equal([]);
  });
});
