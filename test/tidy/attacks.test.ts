/** docs/attacks.md against test/attack/: it names every attack, and none that there is not. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { root, sources } from './sources.js';

describe('docs/attacks.md', () => {
  const text = readFileSync(join(root, 'docs', 'attacks.md'), 'utf8');
  const files = sources(/^test\/attack\/.*\.test\.ts$/).map(({ path }) => basename(path).split('.', 1)[0] ?? '');
  // files of attacks are sentences: three words at the least
  const named = [...text.matchAll(/`((?:[a-z0-9]+-){2,}[a-z0-9]+)`/g)].map(([, name = '']) => name);

  it('names every attack', () => {
    expect(files.filter((file) => !named.includes(file))).to.deep.equal([]);
  });

  it('names no attack that there is not', () => {
    expect(named.filter((name) => !files.includes(name))).to.deep.equal([]);
  });
});
