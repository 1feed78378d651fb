/** docs/requirements.md against the tests: every id has a test of what works and one of what is refused. */
import { expect } from 'chai';
import { sources } from './sources.js';

/** Words by which a test name says that something is kept from happening. */
const refusal =
  /\b(refus\w+|reject\w*|never|no|not|none|cannot|nothing|neither|without|only|den(y|ies|ied)|blocks?|blocked|fails?)\b/i;

/** Every id of the table's first column. */
function requirements(): string[] {
  const table = sources(/^docs\/requirements\.md$/)[0]?.text ?? '';
  return [...table.matchAll(/^\| *([RM]\d+) *\|/gm)].map(([, id = '']) => id);
}

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
  const carrying = (id: string): string[] =>
    names.filter((name) => new RegExp(`\\[([^\\]]*\\b)?${id}\\b[^\\]]*\\]`).test(name));

  it('lists the requirements and the properties', () => {
    expect(requirements()).to.include.members(['R1', 'R17', 'M1', 'M12']);
  });

  it('has for every id a test of what works', () => {
    expect(requirements().filter((id) => !carrying(id).some((name) => !refusal.test(name)))).to.deep.equal([]);
  });

  it('has for every id a test of what it keeps from happening', () => {
    expect(requirements().filter((id) => !carrying(id).some((name) => refusal.test(name)))).to.deep.equal([]);
  });
});
