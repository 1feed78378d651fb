/** The process that runs mocha tells of every test it was given: what did not run is never missing from its report. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runMocha } from './mocha.js';
import type { SuiteResult } from './result.js';

/** A suite of one file, whose source and whose compiled form are the same. */
async function outcomeOf(code: string | undefined, fast = false): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'epurse-child-'));
  try {
    for (const place of ['test', join('build', 'test')]) mkdirSync(join(folder, place), { recursive: true });
    if (code !== undefined) {
      writeFileSync(join(folder, 'test', 'a.test.ts'), code);
      writeFileSync(join(folder, 'build', 'test', 'a.test.js'), code);
    }
    writeFileSync(
      join(folder, 'test', 'b.slow.test.ts'),
      `describe('Slow', () => it('takes its time [R16]', () => {}));`,
    );
    writeFileSync(join(folder, 'build', 'test', 'b.slow.test.js'), '');
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

  it('names what a fast run leaves out, and a whole run leaves out nothing', async () => {
    const code = `describe('A', () => it('passes', () => {}));`;
    expect((await outcomeOf(code, true)).leftOut).to.deep.equal(['Slow', 'takes its time [R16]']);
    expect((await outcomeOf(code)).leftOut).to.equal(undefined);
  });
});
