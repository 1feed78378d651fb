/** docs/found.md: every bug in it has its line in CHANGELOG.md, and a test that there is. */
import { expect } from 'chai';
import { foundBy, foundInWords, readFound } from '../support/found.js';
import { namesInTypeScript, testsInJava } from '../support/test-names.js';
import { root, sources } from './sources.js';

const flat = (text: string): string => text.replace(/\s+/g, ' ');

describe('Bugs that were found and fixed', () => {
  const found = readFound(root);

  it('are each told in CHANGELOG.md, in the same words', () => {
    const [changelog] = sources(/^CHANGELOG\.md$/);
    const told = flat(changelog?.text ?? '');
    expect(found.filter(({ bug }) => !told.includes(flat(bug))).map(({ bug }) => bug)).to.deep.equal([]);
  });

  it('have each a test that there is, and no bug stands there twice', () => {
    const missing = found.filter(({ file, test }) => {
      const [source] = sources().filter(({ path }) => path === file);
      const names = file.endsWith('.java')
        ? testsInJava(source?.text ?? '').map(({ title }) => title)
        : namesInTypeScript(source?.text ?? '');
      return !names.some((name) => name.includes(test));
    });
    expect(missing.map(({ file, test }) => `${file}: ${test}`)).to.deep.equal([]);
    expect(new Set(found.map(({ bug }) => bug)).size).to.equal(found.length);
  });

  it('are counted by what came upon them', () => {
    const toy = (by: string) => ({ bug: by, by, file: 'f', test: 't' });
    expect(foundBy([toy('a hand'), toy('a fuzzer'), toy('a fuzzer')])).to.deep.equal([
      ['a fuzzer', 2],
      ['a hand', 1],
    ]);
    expect(foundInWords([toy('a fuzzer')])).to.match(/^1 bugs found and fixed on the way \(1 by a fuzzer\)/);
  });
});
