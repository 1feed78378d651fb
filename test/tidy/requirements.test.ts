/** docs/requirements.md against the tests: every id has a test of what works and one of what is refused. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { carries, idsIn, readRequirements, requirementIds } from '../grade/requirements.js';
import { saysRefusal } from '../support/refusal-words.js';
import { namesInTypeScript, testsInJava } from '../support/test-names.js';
import { root, sources } from './sources.js';

/** The names of all tests, enclosing suites left out. */
function testNames(): string[] {
  const inTypeScript = sources(/\.test\.ts$/).flatMap(({ text }) => namesInTypeScript(text, 'it'));
  const inJava = sources(/\/src\/test\/.*Test\.java$/).flatMap(({ text }) =>
    testsInJava(text).map(({ title }) => title),
  );
  return [...inTypeScript, ...inJava];
}

describe('docs/requirements.md', () => {
  const names = testNames();
  const ids = readRequirements(root).map(({ id }) => id);
  const carrying = (id: string): string[] => names.filter((name) => carries(name, id));

  it('lists the requirements and the properties', () => {
    expect(ids).to.include.members(['R1', 'R17', 'M1', 'M12']);
  });

  it('has every id that a test or a suite carries, and no test carries another', () => {
    const own = /test\/(grade|runner|support)\/|results\.test/; // they make up names of tests
    const all = [
      ...names,
      ...sources(/\.test\.ts$/)
        .filter(({ path }) => !own.test(path))
        .flatMap(({ text }) => namesInTypeScript(text)),
    ];
    expect(all.flatMap(idsIn).filter((id) => !requirementIds.includes(id))).to.deep.equal([]);
  });

  it('names places that exist', () => {
    expect(
      readRequirements(root).flatMap(({ places }) => places.filter((place) => !existsSync(join(root, place)))),
    ).to.deep.equal([]);
  });

  it('has for every id a test of what works', () => {
    expect(ids.filter((id) => !carrying(id).some((name) => !saysRefusal(name)))).to.deep.equal([]);
  });

  it('has for every id a test of what it keeps from happening', () => {
    expect(ids.filter((id) => !carrying(id).some((name) => saysRefusal(name)))).to.deep.equal([]);
  });
});
