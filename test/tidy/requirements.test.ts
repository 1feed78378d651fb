/** docs/requirements.md against the tests: every id has a test of what works and one of what is refused. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { carries, readRequirements } from '../grade/requirements.js';
import { saysRefusal } from '../support/refusal-words.js';
import { root, sources } from './sources.js';

/** The names of all tests, enclosing suites left out: `it('…')` and `@DisplayName("…")`. */
function testNames(): string[] {
  const inTypeScript = sources(/\.test\.ts$/).flatMap(({ text }) =>
    [...text.matchAll(/\bit(?:\.\w+)?\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gs)].map(([, , name = '']) => name),
  );
  const inJava = sources(/\/src\/test\/.*\.java$/).flatMap(({ text }) =>
    [...text.matchAll(/@DisplayName\(\s*"((?:\\.|[^"])*)"/g)].map(([, name = '']) => name),
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
